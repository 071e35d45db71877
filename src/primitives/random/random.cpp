#include "primitives/random/random.h"

#include "primitives/arguments.h"
#include "primitives/launch.h"
#include "primitives/random/random.kernel.h"
#include "primitives/random/random_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kWordsPerGroup = 4096;  // random.wgsl's lanes, four quads each

Result<Kernels> kernels_for(gpu::Device& device) {
  const KernelChoice choice{.kernel = &random_kernel()};
  return request_kernels(device, std::span(&choice, 1));
}

}  // namespace

Result<bool> prepare_random_numbers(gpu::Device& device) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  return are_ready(kernels);
}

Result<void> random_numbers(gpu::Frame& frame, const RandomNumbers& args) {
  gpu::Device& device = frame.device();
  Arguments arguments(device, "random_numbers", args.count);
  arguments.write("result", args.result, 32);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  SHOAL_TRY(require_ready(kernels, "random_numbers"));
  Step step{.kernel = kernels[0], .views = {args.result}, .elements_per_group = kWordsPerGroup};
  const auto words = [](u64 number) { return std::array{low_word(number), high_word(number)}; };
  step.with(RandomParams{.count = most,
                         .are_floats = args.are_floats ? 1u : 0u,
                         .seed = words(args.seed),
                         .first = words(args.first_quad),
                         .stream = words(args.stream)});
  run_steps(frame, "random_numbers", u64{most} * 4, args.count, most, std::span(&step, 1));
  return {};
}

}  // namespace shoal::primitives
