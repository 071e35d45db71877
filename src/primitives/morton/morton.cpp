#include "primitives/morton/morton.h"

#include "primitives/arguments.h"
#include "primitives/launch.h"
#include "primitives/morton/morton.kernel.h"

namespace shoal::primitives {
namespace {

constexpr u32 kPointsPerGroup = 1024;  // morton.wgsl's lanes, four points each

// encode, decode.
Result<Kernels> kernels_for(gpu::Device& device, const MortonOptions& options) {
  KernelChoice choice{.kernel = &morton_kernel(), .entry_point = "encode"};
  if (options.is_wide) choice.features.emplace_back("wide");
  if (options.has_z) choice.features.emplace_back("deep");
  std::array choices = {choice, choice};
  choices[1].entry_point = "decode";
  return request_kernels(device, choices);
}

Result<void> append(gpu::Frame& frame, const Morton& args, bool is_decoding) {
  const std::string_view name = is_decoding ? "morton_decode" : "morton_encode";
  gpu::Device& device = frame.device();
  const u32 code_bits = args.options.is_wide ? 64 : 32;
  Arguments arguments(device, name, args.count);
  arguments.write("xs", args.xs, 32).write("ys", args.ys, 32).write("codes", args.codes, code_bits);
  if (args.options.has_z) arguments.write("zs", args.zs, 32);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, name));
  Step step{.kernel = kernels[is_decoding ? 1 : 0],
            .views = {args.xs, args.ys, args.codes},
            .elements_per_group = kPointsPerGroup};
  if (args.options.has_z) step.views.push_back(args.zs);
  run_steps(frame, name, u64{most} * ((args.options.has_z ? 96 : 64) + code_bits) / 8, args.count, most,
            std::span(&step, 1));
  return {};
}

}  // namespace

Result<bool> prepare_morton(gpu::Device& device, const MortonOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

Result<void> morton_encode(gpu::Frame& frame, const Morton& args) { return append(frame, args, false); }

Result<void> morton_decode(gpu::Frame& frame, const Morton& args) { return append(frame, args, true); }

}  // namespace shoal::primitives
