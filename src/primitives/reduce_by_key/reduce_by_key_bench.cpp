// Sums of segments of about 32 words, by keys: two words are read, and two written a segment.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/reduce_by_key/reduce_by_key.h"

namespace shoal::primitives {
namespace {

constexpr u64 kLength = 32;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "reduce by key bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View keys, made_words(gpu, "reduce by key bench", request.rows, 1,
                                                 [](u64 word) { return static_cast<u32>(word / kLength); }));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View starts, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View segment_count, bench_array(gpu, 16));
  const ReduceByKey args{.head_views = std::span(&keys, 1),
                         .values = values,
                         .count = static_cast<u32>(request.rows),
                         .result = result,
                         .starts = starts,
                         .segment_count = segment_count};
  return measure(gpu, roofs, request,
                 {.described = {.name = "reduce-by-key",
                                .n = request.rows,
                                .bytes = request.rows * 8 + request.rows * 8 / kLength,
                                .roof = "read"},
                  .prepare = [&] { return prepare_reduce_by_key(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return reduce_by_key(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"reduce-by-key", run}};

}  // namespace

std::span<const gpu::Bench> reduce_by_key_benches() { return kBenches; }

}  // namespace shoal::primitives
