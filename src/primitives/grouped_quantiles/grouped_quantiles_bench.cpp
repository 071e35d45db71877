// Three quantiles of 1,000 groups of random words, beside the copy roof: words and codes, in passes of pairs.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/grouped_quantiles/grouped_quantiles.h"
#include "primitives/primitive_bench.h"
#include "primitives/sort/sort_tuning.h"

namespace shoal::primitives {
namespace {

constexpr u32 kGroups = 1'000, kGroupBits = 10;
constexpr Quantile kQuantiles[] = {{1, 100}, {1, 2}, {99, 100}};

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "grouped quantiles bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View codes, made_words(gpu, "grouped quantiles bench", request.rows, 1, [](u64 word) {
                  return static_cast<u32>(word) * 2654435761u % kGroups;
                }));
  SHOAL_TRY_SET(const gpu::View sorted, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, u64{kGroups} * std::size(kQuantiles) * 4));
  const GroupedQuantiles args{.codes = codes,
                              .values = values,
                              .count = static_cast<u32>(request.rows),
                              .group_count = kGroups,
                              .quantiles = kQuantiles,
                              .result = result,
                              .sorted = sorted};
  const u32 digit_bits = sort_tuning(gpu.device().capabilities).digit_bits;
  const u64 passes = 32 / digit_bits + divide_round_up(kGroupBits, digit_bits);
  return measure(gpu, roofs, request,
                 {.described = {.name = "grouped-quantiles",
                                .n = request.rows,
                                .bytes = request.rows * (8 + 20 * passes),
                                .roof = "copy"},
                  .prepare = [&] { return prepare_grouped_quantiles(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return grouped_quantiles(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"grouped-quantiles", run}};

}  // namespace

std::span<const gpu::Bench> grouped_quantiles_benches() { return kBenches; }

}  // namespace shoal::primitives
