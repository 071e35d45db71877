// Random keys, alone and with values, beside the copy roof: each pass reads keys twice and writes them once.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/sort/sort.h"
#include "primitives/sort/sort_tuning.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             bool has_values) {
  const SortOptions options{.has_values = has_values};
  SHOAL_TRY_SET(const gpu::View keys, random_words(gpu, "sort bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "sort bench", has_values ? request.rows : 1, 1));
  SHOAL_TRY_SET(const gpu::View sorted_keys, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View sorted_values, bench_array(gpu, request.rows * 4));
  const Sort args{.options = options,
                  .keys = keys,
                  .count = static_cast<u32>(request.rows),
                  .sorted_keys = sorted_keys,
                  .values = values,
                  .sorted_values = sorted_values};
  const u64 passes = 32 / sort_tuning(gpu.device().capabilities).digit_bits;
  return measure(gpu, roofs, request,
                 {.described = {.name = has_values ? "sort-pairs" : "sort",
                                .n = request.rows,
                                .bytes = request.rows * passes * (has_values ? 20 : 12),
                                .roof = "copy"},
                  .prepare = [&] { return prepare_sort(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return sort(frame, args); },
                  .results = {sorted_keys, sorted_values}});
}

constexpr gpu::Bench kBenches[] = {
    {"sort", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs,
                const gpu::BenchRequest& request) { return run(gpu, roofs, request, false); }},
    {"sort-pairs", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, true);
     }}};

}  // namespace

std::span<const gpu::Bench> sort_benches() { return kBenches; }

}  // namespace shoal::primitives
