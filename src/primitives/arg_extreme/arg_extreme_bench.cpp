// The row of the smallest of all floats, beside the read roof: a word is read.
#include "primitives/arg_extreme/arg_extreme.h"
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const ArgExtremeOptions options{.type = ElementType::kF32};
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "argmin bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, 16));
  const ArgExtreme args{
      .options = options, .values = values, .count = static_cast<u32>(request.rows), .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "argmin", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
                  .prepare = [&] { return prepare_arg_extreme(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return argmin(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"argmin", run}};

}  // namespace

std::span<const gpu::Bench> arg_extreme_benches() { return kBenches; }

}  // namespace shoal::primitives
