#include "primitives/sum_floats/sum_floats.h"

#include "primitives/arguments.h"
#include "primitives/float_sum/float_sum.h"
#include "primitives/launch.h"
#include "primitives/note_count.h"
#include "primitives/sum_floats/float_array.kernel.h"
#include "primitives/sum_floats/round_sum.kernel.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "sum_floats";
constexpr u32 kRowsPerBlock = 4096;  // blocks.wgsl's

struct Plan {
  gpu::View state;
  u64 size_bytes = 0;
};

Plan plan() {
  ScratchLayout layout;
  Plan plan;
  plan.state = layout.add(sizeof(FloatSumState));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// clear_state, round_sum.
Result<Kernels> kernels_for(gpu::Device& device) {
  const std::array choices = {KernelChoice{.kernel = &round_sum_kernel(), .entry_point = "clear_state"},
                              KernelChoice{.kernel = &round_sum_kernel(), .entry_point = "round_sum"}};
  return request_kernels(device, choices);
}

Result<ElementFold> fold_for(gpu::Device& device) {
  ElementFold fold;
  const wgsl::KernelTemplate& program = float_array_kernel().variant({});
  SHOAL_TRY(prepare_float_sum(device, {.text = program.text, .bindings = program.bindings}, fold));
  return fold;
}

}  // namespace

Result<bool> prepare_sum_floats(gpu::Device& device) {
  SHOAL_TRY_SET(const bool is_count_ready, prepare_note_count(device));
  SHOAL_TRY_SET(const ElementFold fold, fold_for(device));
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  return is_count_ready && fold.is_ready() && is_ready;
}

u64 sum_floats_scratch_bytes() { return plan().size_bytes; }

Result<void> sum_floats(gpu::Frame& frame, const SumFloats& args) {
  gpu::Device& device = frame.device();
  const Plan parts = plan();
  Arguments arguments(device, kName, args.count);
  arguments.read("values", args.values, 32)
      .write_bytes("result", args.result, sizeof(RoundedSum))
      .scratch(args.scratch, parts.size_bytes)
      .require(args.scratch.buffer == 0 || args.scratch.buffer != args.result.buffer,
               "`scratch` lies in the buffer of `result`. Give it a buffer of its own.");
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const ElementFold fold, fold_for(device));
  SHOAL_TRY_SET(Kernels kernels, kernels_for(device));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, parts.size_bytes);
  const gpu::View state = part_of(scratch, parts.state);
  // Until the sum is there. It may not lie beside the state, which the same dispatch writes.
  const gpu::View count{args.result.buffer, args.result.offset_bytes, 4};

  const PassScope pass(frame, kName, u64{most} * 4);
  SHOAL_TRY(note_count(frame, args.count, most, count));
  Step step{.kernel = kernels[0],
            .views = {{state.buffer, state.offset_bytes, sizeof(FloatSumState)}, args.result}};
  run_steps(frame, kName, 0, 0u, 0, std::span(&step, 1));
  if (most != 0) {
    const gpu::View views[] = {count, args.values};
    const u32 group = device.bind_groups.get(device.recorder, fold.program_layout(1), kName, views);
    fold.fold(frame, step.views[0], std::span(&group, 1), divide_round_up(most, kRowsPerBlock));
  }
  step.kernel = kernels[1];
  run_steps(frame, kName, 0, 0u, 0, std::span(&step, 1));
  return {};
}

}  // namespace shoal::primitives
