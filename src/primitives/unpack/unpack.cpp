#include "primitives/unpack/unpack.h"

#include "primitives/arguments.h"
#include "primitives/launch.h"
#include "primitives/unpack/unpack.kernel.h"
#include "primitives/unpack/unpack_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kNumbersPerGroup = 1024;  // unpack.wgsl's lanes, four numbers each

Result<Kernels> kernels_for(gpu::Device& device) {
  const KernelChoice choice{.kernel = &unpack_kernel()};
  return request_kernels(device, std::span(&choice, 1));
}

}  // namespace

Result<bool> prepare_unpack(gpu::Device& device) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  return are_ready(kernels);
}

Result<void> unpack(gpu::Frame& frame, const Unpack& args) {
  gpu::Device& device = frame.device();
  const bool has_bits = args.bits >= 1 && args.bits <= 32;
  Arguments arguments(device, "unpack", args.count);
  arguments.require(has_bits, "`bits` is not from 1 to 32. Give the bits of a number.")
      .read("packed", args.packed, has_bits ? args.bits : 32)
      .write("result", args.result, 32);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  SHOAL_TRY(require_ready(kernels, "unpack"));
  Step step{.kernel = kernels[0], .views = {args.packed, args.result}, .elements_per_group = kNumbersPerGroup};
  step.with(UnpackParams{.count = most, .bits = args.bits});
  run_steps(frame, "unpack", u64{most} * (32 + args.bits) / 8, args.count, most, std::span(&step, 1));
  return {};
}

}  // namespace shoal::primitives
