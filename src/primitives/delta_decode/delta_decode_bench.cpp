// Timestamps of 64 bits, some milliseconds apart, in blocks of 128 as writers make them, beside the copy roof:
// differences are written and read twice, and numbers written.
#include <cstring>

#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/delta_decode/delta_blocks_written.h"
#include "primitives/delta_decode/delta_decode.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::View> words_of(gpu::NativeGpu& gpu, const void* bytes, size_t size_bytes) {
  std::vector<u32> words(divide_round_up<size_t>(size_bytes, 4));
  std::memcpy(words.data(), bytes, size_bytes);
  return made_words(gpu, "delta decode bench", words.size(), 1,
                    [&](u64 word) { return words[static_cast<size_t>(word)]; });
}

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const DeltaDecodeOptions options{.type = ElementType::kI64};
  std::vector<u64> times(static_cast<size_t>(request.rows));
  u64 time = u64{1'700'000'000'000};
  for (u64 row = 0; row < request.rows; ++row) {
    times[static_cast<size_t>(row)] = time += static_cast<u32>(row) * 2654435761u >> 22;
  }
  const std::vector<u8> bytes = DeltaWriter(128, 4).written(times, true);
  SHOAL_TRY_SET(const DeltaBlocks blocks, read_delta_blocks(bytes, 0, options.type));
  SHOAL_TRY_SET(const gpu::View runs, words_of(gpu, blocks.runs.data(), blocks.runs.size() * sizeof(HybridRun)));
  SHOAL_TRY_SET(const gpu::View least, words_of(gpu, blocks.least.data(), blocks.least.size() * 8));
  SHOAL_TRY_SET(const gpu::View packed, words_of(gpu, bytes.data(), bytes.size()));
  SHOAL_TRY_SET(const gpu::View deltas, bench_array(gpu, request.rows * 8));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 8));
  const DeltaDecode args{.options = options,
                         .runs = runs,
                         .least = least,
                         .run_count = static_cast<u32>(blocks.runs.size()),
                         .bytes = packed,
                         .count = blocks.count,
                         .deltas = deltas,
                         .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "delta-decode",
                                .n = request.rows,
                                .bytes = request.rows * 32 + bytes.size() + blocks.runs.size() * 20,
                                .roof = "copy"},
                  .prepare = [&] { return prepare_delta_decode(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return delta_decode(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"delta-decode", run}};

}  // namespace

std::span<const gpu::Bench> delta_decode_benches() { return kBenches; }

}  // namespace shoal::primitives
