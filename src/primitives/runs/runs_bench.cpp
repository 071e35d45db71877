// Runs of about eight words: unique and coding read each once at best and write an eighth; decoding writes each.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/runs/runs.h"

namespace shoal::primitives {
namespace {

constexpr u64 kRunLength = 8;

struct Arrays {
  gpu::View values, run_values, lengths, run_count;
};

Result<Arrays> arrays(gpu::NativeGpu& gpu, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, made_words(gpu, "runs bench", request.rows, 1,
                                                   [](u64 word) { return static_cast<u32>(word / kRunLength); }));
  SHOAL_TRY_SET(const gpu::View run_values, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View lengths, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View run_count, bench_array(gpu, 16));
  return Arrays{values, run_values, lengths, run_count};
}

Result<gpu::BenchResult> run_unique(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const Arrays made, arrays(gpu, request));
  const Unique args{.values = made.values,
                    .count = static_cast<u32>(request.rows),
                    .result = made.run_values,
                    .result_count = made.run_count};
  return measure(gpu, roofs, request,
                 {.described = {.name = "unique",
                                .n = request.rows,
                                .bytes = request.rows * 4 + request.rows * 4 / kRunLength,
                                .roof = "read"},
                  .prepare = [&] { return prepare_unique(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return unique(frame, args); }});
}

Result<gpu::BenchResult> run_encode(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const Arrays made, arrays(gpu, request));
  const RunLengthEncode args{.values = made.values,
                             .count = static_cast<u32>(request.rows),
                             .run_values = made.run_values,
                             .lengths = made.lengths,
                             .run_count = made.run_count};
  return measure(gpu, roofs, request,
                 {.described = {.name = "run-length-encode",
                                .n = request.rows,
                                .bytes = request.rows * 4 + request.rows * 8 / kRunLength,
                                .roof = "read"},
                  .prepare = [&] { return prepare_run_length_encode(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return run_length_encode(frame, args); }});
}

Result<gpu::BenchResult> run_decode(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const u64 runs = request.rows / kRunLength;
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "runs bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View lengths,
                made_words(gpu, "runs bench", request.rows, 1, [](u64) { return u32{kRunLength}; }));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 4));
  SHOAL_TRY_SET(const gpu::View result_count, bench_array(gpu, 16));
  const RunLengthDecode args{.run_values = values,
                             .lengths = lengths,
                             .run_count = static_cast<u32>(runs),
                             .result = result,
                             .result_count = result_count};
  return measure(gpu, roofs, request,
                 {.described = {.name = "run-length-decode",
                                .n = request.rows,
                                .bytes = request.rows * 4 + runs * 8,
                                .roof = "read"},
                  .prepare = [&] { return prepare_run_length_decode(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return run_length_decode(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {
    {"unique", run_unique}, {"run-length-encode", run_encode}, {"run-length-decode", run_decode}};

}  // namespace

std::span<const gpu::Bench> runs_benches() { return kBenches; }

}  // namespace shoal::primitives
