// Group-by of floats against its CPU twin to the bit, and what it says against sums in extended precision.
#include <cmath>
#include <cstring>
#include <limits>

#include "primitives/group_by/float_groups_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

enum class Spread { kNear, kWide, kAnyBits, kExtremes };

std::vector<u32> numbers_of(Spread spread, u32 size, u32 seed) {
  Random random(seed);
  std::vector<u32> values(size);
  for (u32& value : values) {
    const u32 bits = random();
    const float unit = static_cast<float>(random() % 2'000'001) / 1'000'000 - 1;
    switch (spread) {
      case Spread::kNear: value = std::bit_cast<u32>(1'000'000 + unit); break;
      case Spread::kWide: value = std::bit_cast<u32>(std::ldexp(unit, static_cast<int>(bits % 90) - 45)); break;
      case Spread::kAnyBits: value = bits; break;
      case Spread::kExtremes: {
        const float odd[] = {0.0f,
                             -0.0f,
                             std::numeric_limits<float>::max(),
                             std::numeric_limits<float>::lowest(),
                             std::numeric_limits<float>::denorm_min(),
                             -std::numeric_limits<float>::denorm_min(),
                             std::numeric_limits<float>::min(),
                             unit};
        value = std::bit_cast<u32>(odd[bits % 8]);
      }
    }
  }
  return values;
}

class FloatGroupsTest : public PrimitiveTest {
 protected:
  std::vector<FloatGroup> expect_grouped(u32 group_count, std::span<const u32> codes, std::span<const u32> values,
                                         bool count_on_gpu = false) {
    const GroupByOptions options{.type = ElementType::kF32, .group_count = group_count};
    wait_until([&] { return prepare_group_by(device(), options); });
    const size_t words = size_t{group_count} * sizeof(FloatGroup) / 4;
    const gpu::View groups = untouched(words);
    run([&](gpu::Frame& frame) {
      return group_by(frame, {.options = options,
                              .codes = upload(codes),
                              .values = upload(values),
                              .count = count_of(static_cast<u32>(codes.size()), count_on_gpu),
                              .groups = groups});
    });
    const std::vector<FloatGroup> reference = float_groups_reference(codes, values, group_count);
    std::vector<u32> wanted(words);
    std::memcpy(wanted.data(), reference.data(), words * 4);
    EXPECT_EQ(elements_of(download(groups), words, false), std::vector<u64>(wanted.begin(), wanted.end()));
    return reference;
  }

  static std::vector<u32> codes_below(u32 most, u32 size) {
    Random random(most);
    std::vector<u32> codes(size);
    for (u32& code : codes) code = random() % most;
    return codes;
  }
};

TEST_P(FloatGroupsTest, GroupsEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    SCOPED_TRACE(fmt::format("{} rows", size));
    flip = !flip;
    expect_grouped(50, codes_below(60, size), numbers_of(Spread::kAnyBits, size, size), flip);
    expect_grouped(1'000, codes_below(1'001, size), numbers_of(Spread::kWide, size, size), !flip);
    if (HasFailure()) return;
  }
}

TEST_P(FloatGroupsTest, GroupsFewAndManyOfEverySpread) {
  for (const Spread spread : {Spread::kNear, Spread::kWide, Spread::kAnyBits, Spread::kExtremes}) {
    for (const u32 groups : {1u, 255u, 256u, 257u, spread == Spread::kNear ? 1u << 20 : 5'000u}) {
      SCOPED_TRACE(fmt::format("{} groups, spread {}", groups, static_cast<int>(spread)));
      expect_grouped(groups, codes_below(groups, 50'000), numbers_of(spread, 50'000, groups));
      if (HasFailure()) return;
    }
  }
}

// One group of all, of each sign: sums that carry from word to word.
TEST_P(FloatGroupsTest, CarriesSums) {
  for (const float value : {0x1.fffffep127f, -0x1.fffffep127f, 1.0f, -1.0f, 0x1p-149f, -0x1p-149f}) {
    for (const u32 groups : {3u, 300u}) {
      const std::vector<FloatGroup> got = expect_grouped(groups, std::vector<u32>(100'000, 2),
                                                         std::vector<u32>(100'000, std::bit_cast<u32>(value)));
      EXPECT_EQ(group_sum(got[2]), 100'000.0 * value);
      EXPECT_EQ(group_mean(got[2]), value);
      EXPECT_EQ(group_variance(got[2]), 0);
    }
  }
}

TEST_P(FloatGroupsTest, SaysSumMeanAndVariance) {
  for (const Spread spread : {Spread::kNear, Spread::kWide, Spread::kExtremes}) {
    const std::vector<u32> codes = codes_below(20, 20'000), values = numbers_of(spread, 20'000, 1);
    const std::vector<FloatGroup> groups = float_groups_reference(codes, values, 20);
    for (u32 i = 0; i < 20; ++i) {
      // Extended precision, and in two readings.
      long double sum = 0, size = 0, deviations = 0;
      u32 count = 0;
      for (size_t row = 0; row < codes.size(); ++row) {
        if (codes[row] != i) continue;
        const long double value = std::bit_cast<float>(values[row]);
        sum += value;
        size = std::max(size, std::abs(value));
        ++count;
      }
      for (size_t row = 0; row < codes.size(); ++row) {
        const long double off = std::bit_cast<float>(values[row]) - sum / count;
        if (codes[row] == i) deviations += off * off;
      }
      const double tolerance = static_cast<double>(size * count * 0x1p-52L);
      EXPECT_NEAR(group_sum(groups[i]), static_cast<double>(sum), tolerance);
      EXPECT_NEAR(group_mean(groups[i]), static_cast<double>(sum / count), tolerance / count);
      const double variance = static_cast<double>(deviations / count);
      EXPECT_NEAR(group_variance(groups[i]), variance, variance * 1e-12) << "spread " << static_cast<int>(spread);
    }
  }
}

TEST_P(FloatGroupsTest, FollowsIeeeForWhatIsNotFinite) {
  const float values[] = {1, kNan, 2, kInfinity, 3, -kInfinity, kInfinity, -kInfinity, kNan, -0.0f, 0.0f};
  const u32 codes[] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 5};
  std::vector<u32> bits;
  for (const float value : values) bits.push_back(std::bit_cast<u32>(value));
  const std::vector<FloatGroup> groups = expect_grouped(7, codes, bits);
  EXPECT_TRUE(std::isnan(group_sum(groups[0])) && std::isnan(group_variance(groups[0])));
  EXPECT_EQ(std::bit_cast<float>(groups[0].largest), 1);
  EXPECT_EQ(group_sum(groups[1]), kInfinity);
  EXPECT_EQ(group_mean(groups[2]), -kInfinity);
  EXPECT_TRUE(std::isnan(group_variance(groups[2])));
  EXPECT_TRUE(std::isnan(group_mean(groups[3])));
  EXPECT_EQ(groups[4].smallest, 0x7fc00000u);
  EXPECT_EQ(groups[5].smallest, 0x80000000u);
  EXPECT_EQ(groups[5].largest, 0u);
  EXPECT_EQ(group_sum(groups[6]), 0);
  EXPECT_EQ(groups[6].largest, 0x7fc00000u);
}

INSTANTIATE_TEST_SUITE_P(Tiers, FloatGroupsTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
