// Gather and scatter: indices anywhere, also past the end, both widths, both tiers.
#include "primitives/gather/gather.h"

#include <algorithm>
#include <numeric>

#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

class GatherTest : public PrimitiveTest {};

TEST_P(GatherTest, TakesWhatIndicesName) {
  Random random(1);
  for (const ElementType type : {ElementType::kU32, ElementType::kI64}) {
    const bool wide = is_wide(type);
    const GatherOptions options{.type = type};
    wait_until([&] { return prepare_gather(device(), options); });
    std::vector<u64> places(4'000);
    for (u64& place : places) place = wide ? join_words(random(), random()) : random();
    for (const u32 size : boundary_sizes(5'000)) {
      SCOPED_TRACE(fmt::format("{} elements, wide {}", size, wide));
      std::vector<u32> indices(size);
      for (u32& index : indices) index = random() % 20 == 0 ? 0xfffffff0u : random() % 4'000;
      const gpu::View result = untouched(u64{size} * (wide ? 2 : 1));
      run([&](gpu::Frame& frame) {
        return gather(frame, {.options = options,
                              .indices = upload(indices),
                              .count = count_of(size, size % 2 == 0),
                              .values = upload(places, wide),
                              .result = result});
      });
      std::vector<u64> wanted;
      for (const u32 index : indices) wanted.push_back(index < places.size() ? places[index] : 0);
      EXPECT_EQ(elements_of(download(result), size, wide), wanted);
    }
  }
}

TEST_P(GatherTest, PutsWhereIndicesName) {
  Random random(2);
  for (const ElementType type : {ElementType::kU32, ElementType::kI64}) {
    const bool wide = is_wide(type);
    const GatherOptions options{.type = type};
    wait_until([&] { return prepare_scatter(device(), options); });
    for (const u32 size : boundary_sizes(5'000)) {
      SCOPED_TRACE(fmt::format("{} elements, wide {}", size, wide));
      std::vector<u32> indices(size);
      std::iota(indices.begin(), indices.end(), 0u);
      std::shuffle(indices.begin(), indices.end(), random);
      std::vector<u64> values(size);
      for (u64& value : values) value = wide ? join_words(random(), random()) : random();
      const gpu::View result = untouched(u64{size} * (wide ? 2 : 1));
      std::vector<u64> wanted(size);
      for (u32 i = 0; i < size; ++i) wanted[indices[i]] = values[i];
      // One that names nothing.
      indices.push_back(0xffffffffu);
      values.push_back(7);
      run([&](gpu::Frame& frame) {
        return scatter(frame, {.options = options,
                               .indices = upload(indices),
                               .count = count_of(size + 1, size % 2 == 0),
                               .values = upload(values, wide),
                               .result = result});
      });
      EXPECT_EQ(elements_of(download(result), size, wide), wanted);
    }
  }
}

TEST_P(GatherTest, UsesGridsOfTwoDimensions) {
  device().capabilities.limits.max_workgroups_per_dimension = 7;
  wait_until([&] { return prepare_gather(device(), {}); });
  constexpr u32 kSize = 100'003;
  std::vector<u32> rising(kSize);
  std::iota(rising.begin(), rising.end(), 0u);
  for (const bool on_gpu : {false, true}) {
    const gpu::View result = untouched(kSize), values = upload(rising);
    run([&](gpu::Frame& frame) {
      return gather(frame,
                    {.indices = values, .count = count_of(kSize, on_gpu), .values = values, .result = result});
    });
    EXPECT_EQ(elements_of(download(result), kSize, false), std::vector<u64>(rising.begin(), rising.end()));
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, GatherTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
