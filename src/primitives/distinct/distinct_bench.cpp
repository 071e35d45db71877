// Random words told apart; a word is read once at best, while sorting moves each 12 times or more.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/distinct/distinct.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "distinct bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View sorted, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, 16));
  const CountDistinct args{
      .values = values, .count = static_cast<u32>(request.rows), .sorted = sorted, .result = result};
  return measure(
      gpu, roofs, request,
      {.described = {.name = "count-distinct", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
       .prepare = [&] { return prepare_count_distinct(gpu.device(), {}); },
       .record = [&](gpu::Frame& frame) { return count_distinct(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"count-distinct", run}};

}  // namespace

std::span<const gpu::Bench> distinct_benches() { return kBenches; }

}  // namespace shoal::primitives
