// Group-by of 64-bit integers against its CPU twin: both signs, extremes that only lower words tell, sums that
// carry through every word, few and many groups, both tiers.
#include <cstring>

#include "primitives/group_by/wide_groups_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

constexpr u64 kTop = u64{1} << 63;

class WideGroupsTest : public PrimitiveTest {
 protected:
  void expect_grouped(const GroupByOptions& options, std::span<const u32> codes, std::span<const u64> values,
                      bool count_on_gpu = false) {
    wait_until([&] { return prepare_group_by(device(), options); });
    const size_t words = size_t{options.group_count} * sizeof(WideGroup) / 4;
    const gpu::View groups = untouched(words);
    std::vector<u32> value_words(values.size() * 2);
    std::memcpy(value_words.data(), values.data(), values.size_bytes());
    run([&](gpu::Frame& frame) {
      return group_by(frame, {.options = options,
                              .codes = upload(codes),
                              .values = upload(value_words),
                              .count = count_of(static_cast<u32>(codes.size()), count_on_gpu),
                              .groups = groups});
    });
    const std::vector<WideGroup> reference = wide_groups_reference(codes, values, options);
    std::vector<u32> wanted(words);
    std::memcpy(wanted.data(), reference.data(), words * 4);
    EXPECT_EQ(elements_of(download(groups), words, false), std::vector<u64>(wanted.begin(), wanted.end()));
  }

  static std::vector<u32> codes_below(u32 most, u32 size) {
    Random random(most);
    std::vector<u32> codes(size);
    for (u32& code : codes) code = random() % most;
    return codes;
  }

  // Any bits, or numbers near 0, or such as differ only in their lower words.
  static std::vector<u64> some_values(u32 size, u32 seed) {
    Random random(seed);
    std::vector<u64> values(size);
    for (u64& value : values) {
      const u64 bits = join_words(random(), random());
      const u32 kind = seed % 3;
      value = kind == 0 ? bits : kind == 1 ? bits % 2001 - 1000 : 0xffff'fffe'0000'0000u | (bits >> 32);
    }
    return values;
  }
};

TEST_P(WideGroupsTest, GroupsEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    SCOPED_TRACE(fmt::format("{} rows", size));
    flip = !flip;
    expect_grouped({.type = flip ? kU64 : kI64, .group_count = 50}, codes_below(60, size), some_values(size, size),
                   flip);
    expect_grouped({.type = flip ? kI64 : kU64, .group_count = 1'000}, codes_below(1'001, size),
                   some_values(size, size + 1), !flip);
    if (HasFailure()) return;
  }
}

TEST_P(WideGroupsTest, GroupsFewAndMany) {
  for (const u32 groups : {1u, 2u, 255u, 256u, 257u, 1u << 20}) {
    for (const u32 kind : {0u, 1u, 2u}) {
      SCOPED_TRACE(fmt::format("{} groups, values of kind {}", groups, kind));
      expect_grouped({.type = kI64, .group_count = groups}, codes_below(groups, 100'000),
                     some_values(100'000, kind));
    }
  }
}

TEST_P(WideGroupsTest, CarriesSums) {
  for (const u32 groups : {3u, 300u}) {
    for (const u64 value : {~u64{0}, kTop, kTop + 1, u64{0}, u64{1}, u64{0xffff'ffff}, u64{1} << 32}) {
      for (const ElementType type : {kU64, kI64}) {
        SCOPED_TRACE(fmt::format("{} groups of {}", groups, value));
        expect_grouped({.type = type, .group_count = groups}, std::vector<u32>(100'000, 2),
                       std::vector<u64>(100'000, value));
      }
    }
  }
}

TEST_P(WideGroupsTest, SaysExtremesSumMeanAndVariance) {
  const u32 codes[] = {0, 0, 0, 1, 1};
  const u64 values[] = {~u64{0} - 2, 1, 5, kTop, kTop};
  const std::vector<WideGroup> groups = wide_groups_reference(codes, values, {.type = kI64, .group_count = 3});
  EXPECT_EQ(group_smallest(groups[0]), ~u64{0} - 2);
  EXPECT_EQ(group_largest(groups[0]), 5u);
  EXPECT_TRUE(group_sum(groups[0], kI64) == 3);
  EXPECT_EQ(group_mean(groups[0], kI64), 1);
  EXPECT_DOUBLE_EQ(group_variance(groups[0], kI64), 32.0 / 3);
  EXPECT_TRUE(group_sum(groups[1], kI64) == -(i128{1} << 64));
  EXPECT_EQ(group_mean(groups[1], kI64), -0x1p63);
  EXPECT_EQ(group_variance(groups[1], kI64), 0);
  EXPECT_EQ(group_mean(groups[2], kI64), 0);
  // What f64 would not tell apart: deviations of 1 beside 2^64.
  const u32 zeros[] = {0, 0};
  const u64 large[] = {~u64{0}, ~u64{0} - 2};
  const std::vector<WideGroup> whole = wide_groups_reference(zeros, large, {.type = kU64, .group_count = 1});
  EXPECT_TRUE(group_sum(whole[0], kU64) == (i128{1} << 65) - 4);
  EXPECT_EQ(group_mean(whole[0], kU64), 0x1p64);
  EXPECT_EQ(group_variance(whole[0], kU64), 1);
}

INSTANTIATE_TEST_SUITE_P(Tiers, WideGroupsTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
