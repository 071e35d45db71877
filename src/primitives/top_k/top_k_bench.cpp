// The 1,000 largest of random words with their rows; a word is read once at best.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/top_k/top_k.h"

namespace shoal::primitives {
namespace {

constexpr u32 kK = 1000;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "top-k bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, kK * 4));
  SHOAL_TRY_SET(const gpu::View rows, bench_array(gpu, kK * 4));
  SHOAL_TRY_SET(const gpu::View result_count, bench_array(gpu, 16));
  const TopK args{.values = values,
                  .count = static_cast<u32>(request.rows),
                  .k = kK,
                  .result = result,
                  .rows = rows,
                  .result_count = result_count};
  return measure(gpu, roofs, request,
                 {.described = {.name = "top-k", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
                  .prepare = [&] { return prepare_top_k(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return top_k(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"top-k", run}};

}  // namespace

std::span<const gpu::Bench> top_k_benches() { return kBenches; }

}  // namespace shoal::primitives
