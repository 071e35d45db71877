// Codes of random points, beside the read roof: two words are read and one written.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/morton/morton.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View xs, random_words(gpu, "morton bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View ys, random_words(gpu, "morton bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View codes, bench_array(gpu, request.rows * 4));
  const Morton args{.xs = xs, .ys = ys, .count = static_cast<u32>(request.rows), .codes = codes};
  return measure(gpu, roofs, request,
                 {.described = {.name = "morton", .n = request.rows, .bytes = request.rows * 12, .roof = "read"},
                  .prepare = [&] { return prepare_morton(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return morton_encode(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"morton", run}};

}  // namespace

std::span<const gpu::Bench> morton_benches() { return kBenches; }

}  // namespace shoal::primitives
