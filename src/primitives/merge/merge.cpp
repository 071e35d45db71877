#include "primitives/merge/merge.h"

#include <algorithm>

#include "primitives/arguments.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"
#include "primitives/merge/merge.kernel.h"
#include "primitives/merge/merge_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kTileKeys = 1024;  // merge.wgsl's

Result<Kernels> kernels_for(gpu::Device& device, const MergeOptions& options) {
  KernelChoice choice{.kernel = &merge_kernel()};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  if (options.has_values) choice.features.emplace_back("pairs");
  return request_kernels(device, std::span(&choice, 1));
}

}  // namespace

Result<bool> prepare_merge(gpu::Device& device, const MergeOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

Result<void> merge(gpu::Frame& frame, const Merge& args) {
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  const u64 both = u64{args.a_count} + args.b_count;
  const auto bytes_of = [](u64 elements, u32 element_bits) { return elements * element_bits / 8; };
  const gpu::Count count = static_cast<u32>(std::min<u64>(both, 0xffffffffu));
  Arguments arguments(device, "merge", count, "a_count` + `b_count");
  arguments.read_bytes("a_keys", args.a_keys, bytes_of(args.a_count, bits))
      .read_bytes("b_keys", args.b_keys, bytes_of(args.b_count, bits))
      .write("merged_keys", args.merged_keys, bits);
  if (args.options.has_values) {
    arguments.read_bytes("a_values", args.a_values, bytes_of(args.a_count, 32))
        .read_bytes("b_values", args.b_values, bytes_of(args.b_count, 32))
        .write("merged_values", args.merged_values, 32);
  }
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, "merge"));
  Step step{
      .kernel = kernels[0], .views = {args.a_keys, args.b_keys, args.merged_keys}, .elements_per_group = kTileKeys};
  if (args.options.has_values) {
    step.views.insert(step.views.end(), {args.a_values, args.b_values, args.merged_values});
  }
  const KeyFlips flips = key_flips(args.options.type, args.is_descending);
  step.with(MergeParams{.count = most,
                        .a_count = args.a_count,
                        .sign_flip = flips.sign_flip,
                        .is_float = flips.is_float,
                        .order_flip = flips.order_flip});
  run_steps(frame, "merge", u64{most} * (2 * bits + (args.options.has_values ? 64 : 0)) / 8, count, most,
            std::span(&step, 1));
  return {};
}

}  // namespace shoal::primitives
