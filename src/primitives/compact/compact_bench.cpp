// Every second word or so, chosen by a bit each, beside the read roof: a word is read and half of them written.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/compact/compact.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             bool is_partition) {
  const CompactOptions options{.keep = {.by = Selection::By::kBits}};
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "compact bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View kept_count, bench_array(gpu, 16));
  const Compact args{.options = options,
                     .keep_views = std::span(&values, 1),
                     .count = static_cast<u32>(request.rows),
                     .values = values,
                     .result = result,
                     .kept_count = kept_count};
  return measure(
      gpu, roofs, request,
      {.described = {.name = is_partition ? "partition" : "compact",
                     .n = request.rows,
                     .bytes = request.rows * (is_partition ? 8 : 6) + request.rows / 8,
                     .roof = "read"},
       .prepare = [&] { return (is_partition ? prepare_partition : prepare_compact)(gpu.device(), options); },
       .record = [&](gpu::Frame& frame) { return (is_partition ? partition : compact)(frame, args); },
       .results = {result, kept_count}});
}

constexpr gpu::Bench kBenches[] = {
    {"compact", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs,
                   const gpu::BenchRequest& request) { return run(gpu, roofs, request, false); }},
    {"partition", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, true);
     }}};

}  // namespace

std::span<const gpu::Bench> compact_benches() { return kBenches; }

}  // namespace shoal::primitives
