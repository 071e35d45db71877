// Sums of all words, beside the read roof: a word is read.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/fold/fold.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "fold bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, 16));
  const Fold args{.values = values, .count = static_cast<u32>(request.rows), .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "fold", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
                  .prepare = [&] { return prepare_fold(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return fold(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"fold", run}};

}  // namespace

std::span<const gpu::Bench> fold_benches() { return kBenches; }

}  // namespace shoal::primitives
