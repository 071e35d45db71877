// Random points of f32 in a picture of 1000 x 600: counted, and with a value each, beside the read roof. What sums,
// extremes and means take more than counts is their atomics.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/point_density/point_density.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

using Of = PointDensityOptions::Of;

constexpr u32 kColumns = 1000, kRows = 600;

Result<gpu::View> units(gpu::NativeGpu& gpu, u64 rows, u32 factor) {
  return made_words(gpu, "point density bench", rows, 1, [&](u64 word) {
    return std::bit_cast<u32>(static_cast<float>(static_cast<u32>(word) * factor >> 8) * 0x1p-24f);
  });
}

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             std::string_view name, const PointDensityOptions& options) {
  const bool has_values = options.of != Of::kCounts;
  SHOAL_TRY_SET(const gpu::View xs, units(gpu, request.rows, 2654435761u));
  SHOAL_TRY_SET(const gpu::View ys, units(gpu, request.rows, 2246822519u));
  SHOAL_TRY_SET(const gpu::View values, units(gpu, request.rows, 3266489917u));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, u64{kColumns} * kRows * 8));
  const PointDensity args{.options = options,
                          .xs = xs,
                          .ys = ys,
                          .values = values,
                          .count = static_cast<u32>(request.rows),
                          .columns = kColumns,
                          .rows = kRows,
                          .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = std::string(name),
                                .n = request.rows,
                                .bytes = request.rows * (has_values ? 12 : 8),
                                .roof = "read"},
                  .prepare = [&] { return prepare_point_density(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return point_density(frame, args); }});
}

template <Of of, ElementType type>
Result<gpu::BenchResult> run_named(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const std::string_view name = of == Of::kCounts           ? "point-density"
                                : of == Of::kLargest        ? "point-density-largest"
                                : of == Of::kMeans          ? "point-density-means"
                                : type == ElementType::kU32 ? "point-density-integers"
                                                            : "point-density-sums";
  return run(gpu, roofs, request, name, {of, type});
}

constexpr gpu::Bench kBenches[] = {{"point-density", run_named<Of::kCounts, ElementType::kF32>},
                                   {"point-density-largest", run_named<Of::kLargest, ElementType::kF32>},
                                   {"point-density-integers", run_named<Of::kSums, ElementType::kU32>},
                                   {"point-density-sums", run_named<Of::kSums, ElementType::kF32>},
                                   {"point-density-means", run_named<Of::kMeans, ElementType::kF32>}};

}  // namespace

std::span<const gpu::Bench> point_density_benches() { return kBenches; }

}  // namespace shoal::primitives
