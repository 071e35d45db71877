#include "primitives/gather/gather.h"

#include "primitives/arguments.h"
#include "primitives/gather/gather.kernel.h"
#include "primitives/gather/gather_layout.gen.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

constexpr u32 kElementsPerGroup = 1024;  // gather.wgsl's lanes, four elements each

Result<Kernels> kernels_for(gpu::Device& device, const GatherOptions& options, std::string_view entry_point) {
  KernelChoice choice{.kernel = &gather_kernel(), .entry_point = entry_point};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  return request_kernels(device, std::span(&choice, 1));
}

Result<void> append(gpu::Frame& frame, const Gather& args, bool is_scatter) {
  const std::string_view name = is_scatter ? "scatter" : "gather";
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  Arguments arguments(device, name, args.count);
  arguments.read("indices", args.indices, 32);
  if (is_scatter) {
    arguments.read("values", args.values, bits).write_bytes("result", args.result, bits / 8);
  } else {
    arguments.read_bytes("values", args.values, bits / 8).write("result", args.result, bits);
  }
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options, name));
  SHOAL_TRY(require_ready(kernels, name));
  const gpu::View& places = is_scatter ? args.result : args.values;
  Step step{.kernel = kernels[0],
            .views = {args.indices, args.values, args.result},
            .elements_per_group = kElementsPerGroup};
  step.with(GatherParams{.count = most, .place_count = static_cast<u32>(places.size_bytes * 8 / bits)});
  run_steps(frame, name, u64{most} * (32 + 2 * bits) / 8, args.count, most, std::span(&step, 1));
  return {};
}

}  // namespace

Result<bool> prepare_gather(gpu::Device& device, const GatherOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, "gather"));
  return are_ready(kernels);
}

Result<bool> prepare_scatter(gpu::Device& device, const GatherOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, "scatter"));
  return are_ready(kernels);
}

Result<void> gather(gpu::Frame& frame, const Gather& args) { return append(frame, args, false); }

Result<void> scatter(gpu::Frame& frame, const Gather& args) { return append(frame, args, true); }

}  // namespace shoal::primitives
