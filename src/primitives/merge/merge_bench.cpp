// Two rising halves into one, beside the read roof: a word is read and one written.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/merge/merge.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const u64 half = request.rows / 2;
  const auto rising = [](u64 word) { return static_cast<u32>(word * 7); };
  const auto uneven = [](u64 word) {
    return static_cast<u32>(word * 7) + (static_cast<u32>(word) * 2654435761u >> 29);
  };
  SHOAL_TRY_SET(const gpu::View a_keys, made_words(gpu, "merge bench", half, 1, rising));
  SHOAL_TRY_SET(const gpu::View b_keys, made_words(gpu, "merge bench", request.rows - half, 1, uneven));
  SHOAL_TRY_SET(const gpu::View merged_keys, bench_array(gpu, request.rows * 4));
  const Merge args{.a_keys = a_keys,
                   .b_keys = b_keys,
                   .a_count = static_cast<u32>(half),
                   .b_count = static_cast<u32>(request.rows - half),
                   .merged_keys = merged_keys};
  return measure(gpu, roofs, request,
                 {.described = {.name = "merge", .n = request.rows, .bytes = request.rows * 8, .roof = "read"},
                  .prepare = [&] { return prepare_merge(gpu.device(), {}); },
                  .record = [&](gpu::Frame& frame) { return merge(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"merge", run}};

}  // namespace

std::span<const gpu::Bench> merge_benches() { return kBenches; }

}  // namespace shoal::primitives
