// Random words in 200 groups and in a million, beside the read roof: two words a row are read.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/group_by/group_by.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             std::string_view name, u32 group_count) {
  const GroupByOptions options{.group_count = group_count};
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "group-by bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View codes, made_words(gpu, "group-by bench", request.rows, 1, [&](u64 word) {
                  return static_cast<u32>(word) * 2654435761u % group_count;
                }));
  SHOAL_TRY_SET(const gpu::View groups, bench_array(gpu, group_count * sizeof(Group)));
  const GroupBy args{.options = options,
                     .codes = codes,
                     .values = values,
                     .count = static_cast<u32>(request.rows),
                     .groups = groups};
  return measure(
      gpu, roofs, request,
      {.described = {.name = std::string(name), .n = request.rows, .bytes = request.rows * 8, .roof = "read"},
       .prepare = [&] { return prepare_group_by(gpu.device(), options); },
       .record = [&](gpu::Frame& frame) { return group_by(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {
    {"group-by", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs,
                    const gpu::BenchRequest& request) { return run(gpu, roofs, request, "group-by", 200); }},
    {"group-by-many", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "group-by-many", 1'000'000);
     }}};

}  // namespace

std::span<const gpu::Bench> group_by_benches() { return kBenches; }

}  // namespace shoal::primitives
