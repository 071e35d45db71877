#include "primitives/fold_states/fold_states.h"

#include <algorithm>
#include <array>

#include "primitives/fold_states/fold_states.kernel.h"
#include "primitives/fold_states/states_program.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "fold_states";
constexpr std::string_view kArrays[] = {"partials", "result"};

// fold_strips, fold_partials.
Result<Kernels> kernels_for(gpu::Device& device, const FoldStatesOptions& options) {
  SHOAL_TRY(require_states_text(options, kName));
  const StatesProgram program = states_program(options, kArrays);
  KernelChoice choice{.kernel = &fold_states_kernel(),
                      .entry_point = "fold_strips",
                      .program = program.text,
                      .program_bindings = program.bindings};
  std::array choices = {choice, choice};
  choices[1].entry_point = "fold_partials";
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_fold_states(gpu::Device& device, const FoldStatesOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 fold_states_scratch_bytes(const FoldStatesOptions& options, u32 most_rows) {
  return state_partials_bytes(options, most_rows);
}

Result<void> fold_states(gpu::Frame& frame, const FoldStates& args) {
  gpu::Device& device = frame.device();
  const FoldStatesOptions& options = args.options;
  Arguments arguments(device, kName, args.count);
  require_states(arguments, options, args.program_views);
  arguments.write_bytes("result", args.result, u64{options.state_words} * 4);
  SHOAL_TRY_SET(u32 most, arguments.check());
  // Arrays that would cut it are the program's, which alone knows what they hold.
  if (args.count.is_on_gpu()) most = std::min(most, args.most_rows);
  const u64 scratch_bytes = state_partials_bytes(options, most);
  if (args.scratch.buffer != 0) {
    SHOAL_TRY(Arguments(device, kName, args.count).scratch(args.scratch, scratch_bytes).check());
  }
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, scratch_bytes);
  std::vector<gpu::View> views(args.program_views.begin(), args.program_views.end());
  views.push_back({scratch.buffer, scratch.offset_bytes, scratch_bytes});
  views.push_back(args.result);
  const Step step{.elements_per_group = kRowsPerStateStrip, .program_views = views};
  std::array steps = {step, step};
  steps[0].kernel = kernels[0];
  steps[1].kernel = kernels[1];
  steps[1].elements_per_group = 0;
  run_steps(frame, kName, u64{most} * 4, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
