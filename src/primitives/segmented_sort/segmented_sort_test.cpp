// Segmented sorts against their CPU twin: lengths of every kind, rows of no segment, every type, both orders and
// tiers.
#include "primitives/segmented_sort/segmented_sort.h"

#include <numeric>

#include "primitives/primitive_test.h"
#include "primitives/segmented_sort/segmented_sort_reference.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

struct Case {
  ElementType type = kU32;
  bool has_values = false, is_descending = false, count_on_gpu = false, segments_on_gpu = false;
};

class SegmentedSortTest : public PrimitiveTest {
 protected:
  void expect_sorted(const Case& test, u32 size, std::span<const u32> offsets) {
    const bool wide = is_wide(test.type);
    Random random(size);
    std::vector<u64> keys(size);
    // Equal ones among them, and floats' NaN.
    for (u64& key : keys) {
      key = join_words(random() % 3 == 0 ? 0x7fc00001u : random() % 1'000 * 5'000'011u, random() % 2);
      if (!wide) key = low_word(key);
    }
    const SortOptions options{.type = test.type, .has_values = test.has_values};
    wait_until([&] { return prepare_segmented_sort(device(), options); });
    std::vector<u32> rows(size);
    std::iota(rows.begin(), rows.end(), 0u);
    const u32 segments = static_cast<u32>(offsets.size() - 1);
    const gpu::View sorted_keys = untouched(u64{size} * (wide ? 2 : 1)), sorted_values = untouched(size);
    const SegmentedSort args{.options = options,
                             .keys = upload(keys, wide),
                             .count = count_of(size, test.count_on_gpu),
                             .offsets = upload(offsets),
                             .segment_count = count_of(segments, test.segments_on_gpu),
                             .sorted_keys = sorted_keys,
                             .values = upload(rows),
                             .sorted_values = sorted_values,
                             .is_descending = test.is_descending};
    run([&](gpu::Frame& frame) { return segmented_sort(frame, args); });
    const std::vector<u32> wanted =
        segmented_sort_reference(keys, offsets, {.type = test.type, .is_descending = test.is_descending});
    const std::vector<u64> got = elements_of(download(sorted_keys), size, wide);
    for (size_t i = 0; i < size; ++i) ASSERT_EQ(got[i], keys[wanted[i]]) << "key " << i;
    if (!test.has_values) return;
    EXPECT_EQ(elements_of(download(sorted_values), size, false), std::vector<u64>(wanted.begin(), wanted.end()));
  }

  // The first segment begins at `first`, each has up to `length` rows.
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

TEST_P(SegmentedSortTest, SortsEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    SCOPED_TRACE(fmt::format("{} rows", size));
    flip = !flip;
    expect_sorted({.count_on_gpu = flip, .segments_on_gpu = !flip}, size,
                  random_offsets(size % 3, size, size / 4 + 1, 8, size));
    expect_sorted({.has_values = true, .count_on_gpu = !flip, .segments_on_gpu = flip}, size,
                  random_offsets(0, size, 7, size, size));
    if (HasFailure()) return;
  }
}

TEST_P(SegmentedSortTest, SortsEveryTypeBothWays) {
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    for (const bool is_descending : {false, true}) {
      for (const bool has_values : {false, true}) {
        SCOPED_TRACE(
            fmt::format("type {}, descending {}, values {}", static_cast<int>(type), is_descending, has_values));
        expect_sorted(
            {.type = type, .has_values = has_values, .is_descending = is_descending, .count_on_gpu = has_values},
            9'011, random_offsets(11, 9'011, 300, 50, 3));
        if (HasFailure()) return;
      }
    }
  }
}

TEST_P(SegmentedSortTest, SortsSegmentsOfEveryLength) {
  for (const bool has_values : {false, true}) {
    const Case test{.has_values = has_values};
    expect_sorted(test, 30'000, std::vector<u32>{0, 30'000});
    expect_sorted(test, 30'000, std::vector<u32>{17, 17, 17, 29'000});
    expect_sorted(test, 30'000, std::vector<u32>(1'000, 15'000));
    expect_sorted(test, 5'000, std::vector<u32>(100'000, 5'000));
    expect_sorted(test, 5'000, std::vector<u32>{0});
    expect_sorted(test, 5'000, std::vector<u32>{5, 0xffffffffu});
    std::vector<u32> each(5'001);
    std::iota(each.begin(), each.end(), 0u);
    expect_sorted(test, 5'000, each);
    for (const u32 length : {30u, 3'000u}) {
      expect_sorted(test, 40'000, random_offsets(5, 40'000, 80'000 / length, length, length));
    }
  }
}

// Offsets that fall name no segments, and harm nothing: what comes out is some order of the keys.
TEST_P(SegmentedSortTest, SurvivesOffsetsThatFall) {
  wait_until([&] { return prepare_segmented_sort(device(), {}); });
  std::vector<u32> keys(10'000), offsets(300);
  std::iota(keys.begin(), keys.end(), 0u);
  Random random(1);
  for (u32& offset : offsets) offset = random();
  const gpu::View sorted_keys = untouched(keys.size());
  const SegmentedSort args{.keys = upload(keys),
                           .count = 10'000,
                           .offsets = upload(offsets),
                           .segment_count = 299,
                           .sorted_keys = sorted_keys};
  run([&](gpu::Frame& frame) { return segmented_sort(frame, args); });
  std::vector<u64> got = elements_of(download(sorted_keys), keys.size(), false);
  std::ranges::sort(got);
  EXPECT_EQ(got, std::vector<u64>(keys.begin(), keys.end()));
}

// A count on the GPU beyond what the shortest array holds is cut to that, for all that is sorted.
TEST_P(SegmentedSortTest, CutsItsCount) {
  wait_until([&] { return prepare_segmented_sort(device(), {.type = kU64, .has_values = true}); });
  const std::vector<u32> keys = {9, 0, 3, 0}, offsets = {0, 2};
  const gpu::View sorted_keys = untouched(4), sorted_values = untouched(2);
  const SegmentedSort args{.options = {.type = kU64, .has_values = true},
                           .keys = upload(keys),
                           .count = count_of(1'000, true),
                           .offsets = upload(offsets),
                           .segment_count = 1,
                           .sorted_keys = sorted_keys,
                           .values = upload(std::vector<u32>{7, 8}),
                           .sorted_values = sorted_values};
  EXPECT_TRUE(creations_of_second([&](gpu::Frame& frame) { return segmented_sort(frame, args); }).empty());
  EXPECT_EQ(elements_of(download(sorted_keys), 2, true), (std::vector<u64>{3, 9}));
  EXPECT_EQ(elements_of(download(sorted_values), 2, false), (std::vector<u64>{8, 7}));
}

TEST_P(SegmentedSortTest, RefusesWhatCannotBe) {
  const gpu::View keys = untouched(100), sorted = untouched(100), offsets = untouched(4);
  const auto said = [&](const SegmentedSort& args) {
    return refusal([&](gpu::Frame& frame) { return segmented_sort(frame, args); });
  };
  EXPECT_EQ(said({.keys = keys, .count = 100, .offsets = offsets, .segment_count = 8, .sorted_keys = sorted}),
            "`offsets` of segmented_sort has 32 bytes, but 36 are needed. Give it as many.");
  EXPECT_EQ(said({.keys = keys, .count = 100, .offsets = offsets, .segment_count = 2, .sorted_keys = keys}),
            "`keys` and `sorted_keys` of segmented_sort lie in one buffer, but WebGPU does not let a dispatch read "
            "and write one buffer, wherever in it. Give them two buffers.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, SegmentedSortTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
