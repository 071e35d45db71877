// Numbers of 12 bits in packed runs of 504 and repeated ones of 100, as writers make them of sorted stretches,
// beside the read roof: packed bits are read, and a word a number written.
#include <cstring>

#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/hybrid_decode/hybrid_decode.h"
#include "primitives/hybrid_decode/hybrid_runs_written.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

constexpr u32 kWidth = 12, kPacked = 504, kRepeated = 100;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  constexpr std::string_view kLabel = "hybrid decode bench";
  HybridWriter writer(kWidth);
  std::vector<u32> values(kPacked);
  for (u32 i = 0; i < kPacked; ++i) values[i] = i * 2654435761u >> (32 - kWidth);
  const u32 count = static_cast<u32>(request.rows);
  for (u64 written = 0; written < count; written += kPacked + kRepeated) {
    writer.pack(values);
    writer.repeat(7, kRepeated);
  }
  std::vector<HybridRun> runs;
  SHOAL_TRY(append_hybrid_runs({.bytes = writer.bytes(), .width = kWidth, .count = count}, runs));
  const auto words_of = [](const void* bytes, size_t size) {
    std::vector<u32> words(divide_round_up<size_t>(size, 4));
    std::memcpy(words.data(), bytes, size);
    return words;
  };
  const std::vector<u32> run_words = words_of(runs.data(), runs.size() * sizeof(HybridRun));
  const std::vector<u32> byte_words = words_of(writer.bytes().data(), writer.bytes().size());
  SHOAL_TRY_SET(const gpu::View run_view, made_words(gpu, kLabel, run_words.size(), 1, [&](u64 word) {
                  return run_words[static_cast<size_t>(word)];
                }));
  SHOAL_TRY_SET(const gpu::View bytes, made_words(gpu, kLabel, byte_words.size(), 1,
                                                  [&](u64 word) { return byte_words[static_cast<size_t>(word)]; }));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 4));
  const HybridDecode args{.runs = run_view,
                          .run_count = static_cast<u32>(runs.size()),
                          .bytes = bytes,
                          .count = count,
                          .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "hybrid-decode",
                                .n = request.rows,
                                .bytes = request.rows * 4 + byte_words.size() * 4 + run_words.size() * 4,
                                .roof = "read"},
                  .prepare = [&] { return prepare_hybrid_decode(gpu.device()); },
                  .record = [&](gpu::Frame& frame) { return hybrid_decode(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"hybrid-decode", run}};

}  // namespace

std::span<const gpu::Bench> hybrid_decode_benches() { return kBenches; }

}  // namespace shoal::primitives
