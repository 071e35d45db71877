#include "primitives/arg_extreme/arg_extreme.h"

#include "primitives/arg_extreme/arg_extreme.kernel.h"
#include "primitives/arg_extreme/arg_extreme_layout.gen.h"
#include "primitives/arguments.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

constexpr u32 kElementsPerGroup = 16384;  // arg_extreme.wgsl's

Result<Kernels> kernels_for(gpu::Device& device, const ArgExtremeOptions& options) {
  KernelChoice choice{.kernel = &arg_extreme_kernel(), .entry_point = "find_in_blocks"};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  std::array choices = {choice, choice};
  choices[1].entry_point = "find_best";
  return request_kernels(device, choices);
}

Result<void> append(gpu::Frame& frame, const ArgExtreme& args, bool is_largest) {
  const std::string_view name = is_largest ? "argmax" : "argmin";
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  const u64 scratch_bytes =
      arg_extreme_scratch_bytes(device, args.options, most_elements(args.count, args.values, bits));
  Arguments arguments(device, name, args.count);
  arguments.read("values", args.values, bits)
      .write_bytes("result", args.result, 4)
      .scratch(args.scratch, scratch_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, name));
  const gpu::View candidates = scratch_for(frame, args.scratch, scratch_bytes);
  const KeyFlips flips = key_flips(args.options.type, is_largest);
  Step step{.kernel = kernels[0], .views = {args.values, candidates, args.result}};
  step.with(ArgExtremeParams{
      .count = most, .sign_flip = flips.sign_flip, .is_float = flips.is_float, .order_flip = flips.order_flip});
  std::array steps = {step, step};
  steps[0].elements_per_group = kElementsPerGroup;
  steps[1].kernel = kernels[1];
  run_steps(frame, name, u64{most} * bits / 8, args.count, most, steps);
  return {};
}

}  // namespace

Result<bool> prepare_arg_extreme(gpu::Device& device, const ArgExtremeOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 arg_extreme_scratch_bytes(const gpu::Device&, const ArgExtremeOptions& options, u32 most_elements) {
  // Candidate of arg_extreme.wgsl: an image and a row, aligned as the image.
  ScratchLayout layout;
  layout.add(divide_round_up(u64{most_elements}, u64{kElementsPerGroup}) * 2 * element_bytes(options.type));
  return layout.size_bytes();
}

Result<void> argmin(gpu::Frame& frame, const ArgExtreme& args) { return append(frame, args, false); }

Result<void> argmax(gpu::Frame& frame, const ArgExtreme& args) { return append(frame, args, true); }

}  // namespace shoal::primitives
