// Random floats and bytes into 256 bins, and codes into a million, beside the read roof: elements are read once.
#include <bit>
#include <random>

#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/histogram/histogram.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             std::string_view name, const HistogramOptions& options) {
  const bool has_bytes = options.of == HistogramOptions::Of::kBytes;
  const u64 words = has_bytes ? divide_round_up(request.rows, u64{4}) : request.rows;
  std::mt19937 random(1);
  SHOAL_TRY_SET(const gpu::View values, made_words(gpu, "histogram bench", words, 1, [&](u64) {
                  const u32 word = static_cast<u32>(random());
                  if (options.of == HistogramOptions::Of::kCodes) return word % options.bin_count;
                  return has_bytes ? word : std::bit_cast<u32>(static_cast<float>(word) * 0x1p-32f);
                }));
  const std::vector<float> edges = histogram_edges(0, 1, options.bin_count);
  SHOAL_TRY_SET(const gpu::View edge_view, made_words(gpu, "histogram bench", edges.size(), 1, [&](u64 word) {
                  return std::bit_cast<u32>(word < edges.size() ? edges[static_cast<size_t>(word)] : 0.0f);
                }));
  SHOAL_TRY_SET(const gpu::View counts, bench_array(gpu, u64{options.bin_count} * 4));
  const Histogram args{.options = options,
                       .values = values,
                       .count = static_cast<u32>(request.rows),
                       .edges = edge_view,
                       .counts = counts};
  return measure(gpu, roofs, request,
                 {.described = {.name = std::string(name),
                                .n = request.rows,
                                .bytes = request.rows * (has_bytes ? 1 : 4),
                                .roof = "read"},
                  .prepare = [&] { return prepare_histogram(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return histogram(frame, args); }});
}

using Of = HistogramOptions::Of;

constexpr gpu::Bench kBenches[] = {
    {"histogram-floats",
     [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "histogram-floats", {.of = Of::kFloats});
     }},
    {"histogram-bytes",
     [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "histogram-bytes", {.of = Of::kBytes});
     }},
    {"histogram-many", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "histogram-many", {.bin_count = 1'000'000});
     }}};

}  // namespace

std::span<const gpu::Bench> histogram_benches() { return kBenches; }

}  // namespace shoal::primitives
