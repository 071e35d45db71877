// Sums of segments of 1 to 63 words, beside the read roof: a word is read, and two for each segment, one written.
#include <algorithm>

#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/segmented_reduce/segmented_reduce.h"

namespace shoal::primitives {
namespace {

constexpr u64 kMeanLength = 32;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const u64 segments = request.rows / kMeanLength;
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "segmented reduce bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View offsets, made_words(gpu, "segmented reduce bench", segments + 1, 1, [&](u64 word) {
                  const u64 spread = word * 2654435761u % (kMeanLength - 1);
                  return static_cast<u32>(std::min(word * kMeanLength + spread, request.rows));
                }));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, segments * 4));
  const SegmentedReduce args{.values = values,
                             .count = static_cast<u32>(request.rows),
                             .offsets = offsets,
                             .segment_count = static_cast<u32>(segments),
                             .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "segmented-reduce",
                                .n = request.rows,
                                .bytes = request.rows * 4 + segments * 8,
                                .roof = "read"},
                  .prepare = [&] { return prepare_segmented_reduce(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return segmented_reduce(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"segmented-reduce", run}};

}  // namespace

std::span<const gpu::Bench> segmented_reduce_benches() { return kBenches; }

}  // namespace shoal::primitives
