// Quantiles of groups against their CPU twin: every size and type, groups of none, many quantiles, both tiers.
#include "primitives/grouped_quantiles/grouped_quantiles.h"

#include "primitives/grouped_quantiles/grouped_quantiles_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

constexpr Quantile kQuartiles[] = {{0, 1}, {1, 4}, {1, 2}, {3, 4}, {1, 1}};

class GroupedQuantilesTest : public PrimitiveTest {
 protected:
  void expect_quantiles(ElementType type, u32 group_count, u32 size, std::span<const Quantile> quantiles,
                        bool count_on_gpu) {
    const bool wide = is_wide(type);
    Random random(size);
    std::vector<u32> codes(size);
    std::vector<u64> values(size);
    for (u32 row = 0; row < size; ++row) {
      // A tenth of no group, and a heavy group.
      codes[row] = random() % 3 == 0 ? 0 : random() % (group_count + group_count / 10 + 1);
      values[row] = wide ? join_words(random(), random()) : random();
      // One NaN for all, since of equal ones any may be told.
      if (type == kF32 && (values[row] & 0x7fffffffu) > 0x7f800000u) values[row] = 0x7fc00000u;
    }
    if (size > 2) codes[1] = 0xffffffffu;
    wait_until([&] { return prepare_grouped_quantiles(device(), {.type = type}); });
    const size_t results = size_t{group_count} * quantiles.size();
    const gpu::View result = untouched(results * (wide ? 2 : 1));
    run([&](gpu::Frame& frame) {
      return grouped_quantiles(frame, {.options = {.type = type},
                                       .codes = upload(codes),
                                       .values = upload(values, wide),
                                       .count = count_of(size, count_on_gpu),
                                       .group_count = group_count,
                                       .quantiles = quantiles,
                                       .result = result,
                                       .sorted = untouched(u64{size} * (wide ? 2 : 1))});
    });
    EXPECT_EQ(elements_of(download(result), results, wide),
              grouped_quantiles_reference(codes, values, type, group_count, quantiles));
  }
};

TEST_P(GroupedQuantilesTest, FindsThoseOfEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    SCOPED_TRACE(fmt::format("{} rows", size));
    flip = !flip;
    expect_quantiles(flip ? kU32 : kF32, flip ? 10 : 300, size, kQuartiles, flip);
    if (HasFailure()) return;
  }
}

TEST_P(GroupedQuantilesTest, FindsThoseOfEveryTypeAndNumberOfGroups) {
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    for (const u32 groups : {1u, 255u, 256u, 70'000u}) {
      SCOPED_TRACE(fmt::format("type {}, {} groups", static_cast<int>(type), groups));
      expect_quantiles(type, groups, 9'011, kQuartiles, groups == 255);
      if (HasFailure()) return;
    }
  }
}

TEST_P(GroupedQuantilesTest, FindsAnyListOfQuantiles) {
  std::vector<Quantile> list;
  for (u32 i = 0; i <= 100; ++i) list.push_back({.numerator = i, .denominator = 100});
  list.push_back({.numerator = 0x7ffffffeu, .denominator = 0x7fffffffu});
  list.push_back({.numerator = 1, .denominator = 0x7fffffffu});
  for (const size_t size : {1u, 23u, 24u, 25u, 48u, 103u}) {
    expect_quantiles(kI32, 20, 5'000, std::span(list).first(size), false);
  }
}

TEST_P(GroupedQuantilesTest, LeavesRowsSortedByGroup) {
  wait_until([&] { return prepare_grouped_quantiles(device(), {}); });
  const gpu::View sorted = untouched(6), result = untouched(2);
  const GroupedQuantiles args{.codes = upload(std::vector<u32>{1, 9, 0, 1, 2, 0}),
                              .values = upload(std::vector<u32>{5, 1, 7, 4, 0, 6}),
                              .count = 6,
                              .group_count = 2,
                              .quantiles = std::span(kQuartiles).subspan(2, 1),
                              .result = result,
                              .sorted = sorted};
  EXPECT_TRUE(creations_of_second([&](gpu::Frame& frame) { return grouped_quantiles(frame, args); }).empty());
  EXPECT_EQ(elements_of(download(sorted), 6, false), (std::vector<u64>{6, 7, 4, 5, 0, 1}));
  EXPECT_EQ(elements_of(download(result), 2, false), (std::vector<u64>{6, 4}));
}

TEST_P(GroupedQuantilesTest, RefusesWhatCannotBe) {
  const Quantile none[] = {{.numerator = 3, .denominator = 2}};
  const gpu::View words = untouched(100), result = untouched(100), sorted = untouched(100);
  const auto said = [&](u32 group_count, std::span<const Quantile> quantiles, const gpu::View& target) {
    return refusal([&](gpu::Frame& frame) {
      return grouped_quantiles(frame, {.codes = words,
                                       .values = words,
                                       .count = 100,
                                       .group_count = group_count,
                                       .quantiles = quantiles,
                                       .result = target,
                                       .sorted = sorted});
    });
  };
  EXPECT_EQ(said(5, none, result),
            "`quantiles` has one that is no share from 0 to 1, or whose denominator is 2^31 or more. Give it a "
            "numerator not above the denominator. (argument of grouped_quantiles)");
  EXPECT_EQ(said(0, kQuartiles, result),
            "`group_count` is not from 1 to 16,777,216. Ask for as many groups. (argument of grouped_quantiles)");
  EXPECT_EQ(said(100, kQuartiles, result),
            "`result` of grouped_quantiles has 416 bytes, but 2,000 are needed. Give it as many.");
  EXPECT_EQ(
      said(5, kQuartiles, sorted),
      "`sorted` and `result` lie in one buffer, but the last dispatch reads the one and writes the other. Give "
      "them two buffers. (argument of grouped_quantiles)");
}

INSTANTIATE_TEST_SUITE_P(Tiers, GroupedQuantilesTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
