// Random keys in segments of 32 on average, beside the copy roof: keys and numbers of segments, in passes of pairs.
#include <algorithm>
#include <bit>

#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/segmented_sort/segmented_sort.h"
#include "primitives/sort/sort_tuning.h"

namespace shoal::primitives {
namespace {

constexpr u64 kMeanLength = 32;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const u64 segments = request.rows / kMeanLength;
  SHOAL_TRY_SET(const gpu::View keys, random_words(gpu, "segmented sort bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View offsets, made_words(gpu, "segmented sort bench", segments + 1, 1, [&](u64 word) {
                  const u64 spread = word * 2654435761u % (kMeanLength - 1);
                  return static_cast<u32>(std::min(word * kMeanLength + spread, request.rows));
                }));
  SHOAL_TRY_SET(const gpu::View sorted_keys, bench_array(gpu, request.rows * 4));
  const SegmentedSort args{.keys = keys,
                           .count = static_cast<u32>(request.rows),
                           .offsets = offsets,
                           .segment_count = static_cast<u32>(segments),
                           .sorted_keys = sorted_keys};
  const u32 digit_bits = sort_tuning(gpu.device().capabilities).digit_bits;
  const u64 passes = 32 / digit_bits + divide_round_up(static_cast<u32>(std::bit_width(segments + 1)), digit_bits);
  return measure(gpu, roofs, request,
                 {.described = {.name = "segmented-sort",
                                .n = request.rows,
                                .bytes = request.rows * (4 + 20 * passes),
                                .roof = "copy"},
                  .prepare = [&] { return prepare_segmented_sort(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return segmented_sort(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"segmented-sort", run}};

}  // namespace

std::span<const gpu::Bench> segmented_sort_benches() { return kBenches; }

}  // namespace shoal::primitives
