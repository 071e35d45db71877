// The median, and three quantiles, of random words and of 16-bit codes; a word is read once at best.
#include <random>

#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/quantiles/quantiles.h"

namespace shoal::primitives {
namespace {

constexpr Quantile kThree[] = {{1, 100}, {50, 100}, {99, 100}};

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             std::string_view name, std::span<const Quantile> list, u32 end_bit) {
  std::mt19937 random(1);
  SHOAL_TRY_SET(const gpu::View values, made_words(gpu, "quantiles bench", request.rows, 1, [&](u64) {
                  return static_cast<u32>(random()) >> (32 - end_bit);
                }));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, 64));
  const Quantiles args{.values = values,
                       .count = static_cast<u32>(request.rows),
                       .quantiles = list,
                       .result = result,
                       .end_bit = end_bit};
  return measure(
      gpu, roofs, request,
      {.described = {.name = std::string(name), .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
       .prepare = [&] { return prepare_quantiles(gpu.device(), {}); },
       .record = [&](gpu::Frame& frame) { return quantiles(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {
    {"median",
     [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "median", std::span(kThree).subspan(1, 1), 32);
     }},
    {"quantiles",
     [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "quantiles", kThree, 32);
     }},
    {"quantiles-16", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "quantiles-16", kThree, 16);
     }}};

}  // namespace

std::span<const gpu::Bench> quantiles_benches() { return kBenches; }

}  // namespace shoal::primitives
