// Sums of all words left of each, beside the read roof: at best a word is read and one written.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/scan/scan.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             std::string_view name, const ScanOptions& options) {
  const u32 words = is_wide(options.type) ? 2 : 1;
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "scan bench", request.rows, words));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * words * 4));
  const Scan args{.options = options, .values = values, .count = static_cast<u32>(request.rows), .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = std::string(name),
                                .n = request.rows,
                                .bytes = request.rows * words * 8,
                                .roof = "read"},
                  .prepare = [&] { return prepare_scan(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return scan(frame, args); },
                  .results = {result}});
}

constexpr gpu::Bench kBenches[] = {
    {"scan", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs,
                const gpu::BenchRequest& request) { return run(gpu, roofs, request, "scan", {}); }},
    {"scan-wide", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "scan-wide", {.type = ElementType::kU64});
     }}};

}  // namespace

std::span<const gpu::Bench> scan_benches() { return kBenches; }

}  // namespace shoal::primitives
