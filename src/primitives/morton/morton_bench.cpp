// Codes of random points in the plane and in space, beside the read roof: two or three words are read and one
// written.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/morton/morton.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

template <bool has_z>
Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const MortonOptions options{.has_z = has_z};
  SHOAL_TRY_SET(const gpu::View xs, random_words(gpu, "morton bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View ys, random_words(gpu, "morton bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View zs, random_words(gpu, "morton bench", has_z ? request.rows : 1, 1));
  SHOAL_TRY_SET(const gpu::View codes, bench_array(gpu, request.rows * 4));
  const Morton args{
      .options = options, .xs = xs, .ys = ys, .zs = zs, .count = static_cast<u32>(request.rows), .codes = codes};
  return measure(gpu, roofs, request,
                 {.described = {.name = has_z ? "morton-3d" : "morton",
                                .n = request.rows,
                                .bytes = request.rows * (has_z ? 16 : 12),
                                .roof = "read"},
                  .prepare = [&] { return prepare_morton(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return morton_encode(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"morton", run<false>}, {"morton-3d", run<true>}};

}  // namespace

std::span<const gpu::Bench> morton_benches() { return kBenches; }

}  // namespace shoal::primitives
