// Count, mean and variance of floats in one reading (Chan, Golub & LeVeque 1979), beside the read roof.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/fold_states/bench_states.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "fold states bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, 16));
  const FoldStates args{.options = kMomentsOptions,
                        .count = static_cast<u32>(request.rows),
                        .result = result,
                        .program_views = std::span(&values, 1)};
  return measure(
      gpu, roofs, request,
      {.described = {.name = "fold-states", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
       .prepare = [&] { return prepare_fold_states(gpu.device(), kMomentsOptions); },
       .record = [&](gpu::Frame& frame) { return fold_states(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"fold-states", run}};

}  // namespace

std::span<const gpu::Bench> fold_states_benches() { return kBenches; }

}  // namespace shoal::primitives
