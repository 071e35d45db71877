// Segmented reductions against their CPU twin: lengths of every kind, segments of none, rows of no segment.
#include "primitives/segmented_reduce/segmented_reduce.h"

#include "primitives/primitive_test.h"
#include "primitives/segmented_reduce/segmented_reduce_reference.h"

namespace shoal::primitives {
namespace {

struct Case {
  ElementType type = ElementType::kU32;
  Operator op = Operator::kSum;
  bool count_on_gpu = false, segments_on_gpu = false;
};

class SegmentedReduceTest : public PrimitiveTest {
 protected:
  void expect_reduced(const Case& test, u32 size, std::span<const u32> offsets) {
    Random random(size);
    const bool wide = is_wide(test.type);
    std::vector<u64> values(size);
    for (u64& value : values) value = wide ? join_words(random(), random()) : random();
    wait_until([&] { return prepare_segmented_reduce(device(), {.type = test.type, .op = test.op}); });
    const u32 segments = static_cast<u32>(offsets.size() - 1);
    const gpu::View result = untouched(u64{segments} * (wide ? 2 : 1));
    run([&](gpu::Frame& frame) {
      return segmented_reduce(frame, {.options = {.type = test.type, .op = test.op},
                                      .values = upload(values, wide),
                                      .count = count_of(size, test.count_on_gpu),
                                      .offsets = upload(offsets),
                                      .segment_count = count_of(segments, test.segments_on_gpu),
                                      .result = result});
    });
    const bool is_max = test.op == Operator::kMax;
    const auto combine = [&](u64 a, u64 b) {
      if (is_max) return static_cast<i64>(a) < static_cast<i64>(b) ? b : a;
      return wide ? a + b : u64{low_word(a + b)};
    };
    EXPECT_EQ(elements_of(download(result), segments, wide),
              segmented_reduce_reference(values, offsets, is_max ? u64{1} << 63 : 0, combine));
  }

  // The first segment begins at `first`, each has up to `length` rows, the last ends by `size`.
  static std::vector<u32> random_offsets(u32 first, u32 size, u32 segments, u32 length, u32 seed) {
    Random random(seed);
    std::vector<u32> offsets = {std::min(first, size)};
    for (u32 i = 0; i < segments; ++i) {
      const u32 rows = random() % 3 == 0 ? 0 : random() % (length + 1);
      offsets.push_back(std::min(size, offsets.back() + rows));
    }
    return offsets;
  }
};

TEST_P(SegmentedReduceTest, ReducesEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    SCOPED_TRACE(fmt::format("{} rows", size));
    flip = !flip;
    expect_reduced({.count_on_gpu = flip, .segments_on_gpu = !flip}, size,
                   random_offsets(size % 3, size, size / 4 + 1, 8, size));
    expect_reduced({.type = ElementType::kI64, .op = Operator::kMax, .count_on_gpu = !flip}, size,
                   random_offsets(0, size, 7, size, size));
    if (HasFailure()) return;
  }
}

TEST_P(SegmentedReduceTest, ReducesSegmentsOfEveryLength) {
  expect_reduced({}, 50'000, std::vector<u32>{0, 50'000});
  expect_reduced({}, 50'000, std::vector<u32>{17, 17, 17, 49'000});
  expect_reduced({}, 50'000, std::vector<u32>(1'000, 25'000));
  expect_reduced({}, 5'000, std::vector<u32>(100'000, 5'000));
  expect_reduced({}, 5'000, std::vector<u32>{0});
  for (const u32 length : {1u, 30u, 3'000u}) {
    expect_reduced({.segments_on_gpu = true}, 70'000, random_offsets(5, 70'000, 140'000 / length, length, length));
  }
  std::vector<u32> heavy = {0};
  for (u32 i = 0; i < 3'000; ++i) heavy.push_back(heavy.back() + (i == 1'500 ? 60'000 : 1));
  expect_reduced({}, heavy.back(), heavy);
}

INSTANTIATE_TEST_SUITE_P(Tiers, SegmentedReduceTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
