#include "primitives/bounds/bounds.h"

#include "primitives/arguments.h"
#include "primitives/bounds/bounds.kernel.h"
#include "primitives/bounds/bounds_layout.gen.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

constexpr u32 kLanes = 256;  // bounds.wgsl's

Result<Kernels> kernels_for(gpu::Device& device, const BoundsOptions& options) {
  KernelChoice choice{.kernel = &bounds_kernel()};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  return request_kernels(device, std::span(&choice, 1));
}

Result<void> append(gpu::Frame& frame, const Bounds& args, bool is_upper) {
  const std::string_view name = is_upper ? "upper_bound" : "lower_bound";
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  Arguments arguments(device, name, args.count);
  arguments.read_bytes("sorted", args.sorted, u64{args.sorted_count} * bits / 8)
      .read("keys", args.keys, bits)
      .write("result", args.result, 32);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, name));
  const KeyFlips flips = key_flips(args.options.type, args.is_descending);
  Step step{.kernel = kernels[0], .views = {args.keys, args.sorted, args.result}, .elements_per_group = kLanes};
  step.with(BoundsParams{.count = most,
                         .sorted_count = args.sorted_count,
                         .is_upper = is_upper ? 1u : 0u,
                         .sign_flip = flips.sign_flip,
                         .is_float = flips.is_float,
                         .order_flip = flips.order_flip});
  run_steps(frame, name, u64{most} * (bits + 32) / 8, args.count, most, std::span(&step, 1));
  return {};
}

}  // namespace

Result<bool> prepare_bounds(gpu::Device& device, const BoundsOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

Result<void> lower_bound(gpu::Frame& frame, const Bounds& args) { return append(frame, args, false); }

Result<void> upper_bound(gpu::Frame& frame, const Bounds& args) { return append(frame, args, true); }

}  // namespace shoal::primitives
