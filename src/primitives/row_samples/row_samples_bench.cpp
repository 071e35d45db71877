// Every hundredth row: exactly so many, and each by chance; beside the read roof, against what they write and read.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/row_samples/row_samples.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run_sample(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const u32 count = static_cast<u32>(request.rows), k = std::max(count / 100, 1u);
  SHOAL_TRY_SET(const gpu::View words, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View rows, bench_array(gpu, u64{k} * 4));
  SHOAL_TRY_SET(const gpu::View result_count, bench_array(gpu, 16));
  const SampleRows args{
      .seed = 1, .count = count, .k = k, .words = words, .rows = rows, .result_count = result_count};
  return measure(
      gpu, roofs, request,
      {.described = {.name = "sample-rows", .n = request.rows, .bytes = request.rows * 24, .roof = "read"},
       .prepare = [&] { return prepare_sample_rows(gpu.device()); },
       .record = [&](gpu::Frame& frame) { return sample_rows(frame, args); }});
}

Result<gpu::BenchResult> run_bernoulli(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs,
                                       const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View bits, bench_array(gpu, request.rows / 8 + 16));
  SHOAL_TRY_SET(const gpu::View rows, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View result_count, bench_array(gpu, 16));
  const BernoulliRows args{
      .seed = 1, .count = static_cast<u32>(request.rows), .bits = bits, .rows = rows, .result_count = result_count};
  return measure(
      gpu, roofs, request,
      {.described = {.name = "bernoulli-rows", .n = request.rows, .bytes = request.rows * 3 / 8, .roof = "read"},
       .prepare = [&] { return prepare_bernoulli_rows(gpu.device()); },
       .record = [&](gpu::Frame& frame) { return bernoulli_rows(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"sample-rows", run_sample}, {"bernoulli-rows", run_bernoulli}};

}  // namespace

std::span<const gpu::Bench> row_samples_benches() { return kBenches; }

}  // namespace shoal::primitives
