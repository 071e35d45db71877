// Random words, beside the read roof: a word is written.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/random/random.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 4));
  const RandomNumbers args{.seed = 1, .count = static_cast<u32>(request.rows), .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "random", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
                  .prepare = [&] { return prepare_random_numbers(gpu.device()); },
                  .record = [&](gpu::Frame& frame) { return random_numbers(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"random", run}};

}  // namespace

std::span<const gpu::Bench> random_benches() { return kBenches; }

}  // namespace shoal::primitives
