// Group-by against its CPU twin: few and many groups, one heavy group, both signs, sums that carry, both tiers.
#include "primitives/group_by/group_by.h"

#include <cmath>
#include <cstring>

#include "primitives/group_by/group_by_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

class GroupByTest : public PrimitiveTest {
 protected:
  void expect_grouped(const GroupByOptions& options, std::span<const u32> codes, std::span<const u32> values,
                      bool count_on_gpu) {
    wait_until([&] { return prepare_group_by(device(), options); });
    const u64 words = u64{options.group_count} * sizeof(Group) / 4;
    const gpu::View groups = untouched(words);
    run([&](gpu::Frame& frame) {
      return group_by(frame, {.options = options,
                              .codes = upload(codes),
                              .values = upload(values),
                              .count = count_of(static_cast<u32>(codes.size()), count_on_gpu),
                              .groups = groups});
    });
    const std::vector<Group> reference = group_by_reference(codes, values, options);
    std::vector<u32> wanted(static_cast<size_t>(words));
    std::memcpy(wanted.data(), reference.data(), static_cast<size_t>(words) * 4);
    EXPECT_EQ(elements_of(download(groups), static_cast<size_t>(words), false),
              std::vector<u64>(wanted.begin(), wanted.end()));
  }

  static std::vector<u32> random_below(u32 size, u32 most, u32 seed) {
    Random random(seed);
    std::vector<u32> words(size);
    for (u32& word : words) word = most == 0 ? random() : random() % most;
    return words;
  }
};

TEST_P(GroupByTest, GroupsEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    SCOPED_TRACE(fmt::format("{} rows", size));
    flip = !flip;
    expect_grouped({.type = flip ? kU32 : kI32, .group_count = 50}, random_below(size, 60, size),
                   random_below(size, 0, size + 1), flip);
    expect_grouped({.type = flip ? kI32 : kU32, .group_count = 1'000}, random_below(size, 1'001, size),
                   random_below(size, 0, size + 1), !flip);
    if (HasFailure()) return;
  }
}

TEST_P(GroupByTest, GroupsFewAndMany) {
  for (const u32 groups : {1u, 2u, 255u, 256u, 257u, 1u << 20}) {
    SCOPED_TRACE(fmt::format("{} groups", groups));
    expect_grouped({.type = kI32, .group_count = groups}, random_below(100'000, groups, 1),
                   random_below(100'000, 0, 2), false);
  }
}

TEST_P(GroupByTest, CarriesSums) {
  for (const u32 groups : {3u, 300u}) {
    for (const u32 value : {0xffffffffu, 0x80000000u, 0u, 1u}) {
      for (const ElementType type : {kU32, kI32}) {
        expect_grouped({.type = type, .group_count = groups}, std::vector<u32>(100'000, 2),
                       std::vector<u32>(100'000, value), false);
      }
    }
  }
}

TEST_P(GroupByTest, SaysMeanAndVariance) {
  const u32 codes[] = {0, 0, 0, 1, 1}, values[] = {0xfffffffdu, 1, 5, 7, 7};
  const std::vector<Group> groups = group_by_reference(codes, values, {.type = kI32, .group_count = 3});
  EXPECT_EQ(group_sum(groups[0]), 3);
  EXPECT_EQ(group_mean(groups[0], kI32), 1);
  EXPECT_DOUBLE_EQ(group_variance(groups[0], kI32), 32.0 / 3);
  EXPECT_EQ(group_variance(groups[1], kI32), 0);
  EXPECT_EQ(group_mean(groups[2], kI32), 0);
  const u32 large[] = {0xffffffffu, 0xfffffffdu};
  const u32 zeros[] = {0, 0};
  const std::vector<Group> unsigned_groups = group_by_reference(zeros, large, {.type = kU32, .group_count = 1});
  EXPECT_EQ(group_mean(unsigned_groups[0], kU32), 4294967294.0);
  EXPECT_EQ(group_variance(unsigned_groups[0], kU32), 1);
}

INSTANTIATE_TEST_SUITE_P(Tiers, GroupByTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
