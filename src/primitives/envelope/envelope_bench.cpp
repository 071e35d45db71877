// Extremes of 4,096 columns of random floats, and their rows, beside the read roof: a word is read.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/envelope/envelope.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

constexpr u32 kColumns = 4096;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             bool has_rows) {
  const EnvelopeOptions options{.has_rows = has_rows};
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "envelope bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View offsets, made_words(gpu, "envelope bench", kColumns + 1, 1, [&](u64 word) {
                  return static_cast<u32>(word * request.rows / kColumns);
                }));
  SHOAL_TRY_SET(const gpu::View extremes, bench_array(gpu, kColumns * 8));
  SHOAL_TRY_SET(const gpu::View rows, bench_array(gpu, kColumns * 16));
  const Envelope args{.options = options,
                      .values = values,
                      .count = static_cast<u32>(request.rows),
                      .offsets = offsets,
                      .column_count = kColumns,
                      .extremes = extremes,
                      .rows = rows};
  return measure(gpu, roofs, request,
                 {.described = {.name = has_rows ? "envelope-m4" : "envelope",
                                .n = request.rows,
                                .bytes = request.rows * (has_rows ? 8 : 4),
                                .roof = "read"},
                  .prepare = [&] { return prepare_envelope(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return envelope(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {
    {"envelope", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs,
                    const gpu::BenchRequest& request) { return run(gpu, roofs, request, false); }},
    {"envelope-m4", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, true);
     }}};

}  // namespace

std::span<const gpu::Bench> envelope_benches() { return kBenches; }

}  // namespace shoal::primitives
