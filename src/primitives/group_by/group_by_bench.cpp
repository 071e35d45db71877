// Random words, floats and 64-bit integers in 200 groups and in a million, beside the read roof: two words a row
// are read, of floats twice, of 64-bit integers three words twice.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/group_by/group_by.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             std::string_view name, const GroupByOptions& options) {
  const bool is_float = options.type == ElementType::kF32;
  const u32 group_count = options.group_count;
  const u32 words = element_bytes(options.type) / 4;
  SHOAL_TRY_SET(const gpu::View values, made_words(gpu, "group-by bench", request.rows, words, [&](u64 word) {
                  const u32 random = static_cast<u32>(word) * 2246822519u;
                  return is_float ? std::bit_cast<u32>(static_cast<float>(random >> 8) * 0x1p-24f) : random;
                }));
  SHOAL_TRY_SET(const gpu::View codes, made_words(gpu, "group-by bench", request.rows, 1, [&](u64 word) {
                  return static_cast<u32>(word) * 2654435761u % group_count;
                }));
  SHOAL_TRY_SET(const gpu::View groups, bench_array(gpu, group_count * sizeof(WideGroup)));  // the largest
  const GroupBy args{.options = options,
                     .codes = codes,
                     .values = values,
                     .count = static_cast<u32>(request.rows),
                     .groups = groups};
  return measure(gpu, roofs, request,
                 {.described = {.name = std::string(name),
                                .n = request.rows,
                                .bytes = request.rows * (is_float     ? 16
                                                         : words == 2 ? 24
                                                                      : 8),
                                .roof = "read"},
                  .prepare = [&] { return prepare_group_by(gpu.device(), options); },
                  .record = [&](gpu::Frame& frame) { return group_by(frame, args); }});
}

template <ElementType type, u32 group_count>
Result<gpu::BenchResult> run_named(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const std::string name = fmt::format("group-by{}{}",
                                       type == ElementType::kF32 ? "-floats"
                                       : is_wide(type)           ? "-wide"
                                                                 : "",
                                       group_count > 256 ? "-many" : "");
  return run(gpu, roofs, request, name, {.type = type, .group_count = group_count});
}

constexpr gpu::Bench kBenches[] = {{"group-by", run_named<ElementType::kU32, 200>},
                                   {"group-by-many", run_named<ElementType::kU32, 1'000'000>},
                                   {"group-by-floats", run_named<ElementType::kF32, 200>},
                                   {"group-by-floats-many", run_named<ElementType::kF32, 1'000'000>},
                                   {"group-by-wide", run_named<ElementType::kU64, 200>},
                                   {"group-by-wide-many", run_named<ElementType::kU64, 1'000'000>}};

}  // namespace

std::span<const gpu::Bench> group_by_benches() { return kBenches; }

}  // namespace shoal::primitives
