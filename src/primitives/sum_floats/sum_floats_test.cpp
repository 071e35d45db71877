// Exact sums against Shewchuk's, rounded to both widths: every size, cancellation, extremes, what is not finite,
// both tiers.
#include "primitives/sum_floats/sum_floats.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "primitives/float_sum/float_sum_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

struct Sums {
  double wide = 0;
  float single = 0;
  bool operator==(const Sums& other) const {
    return std::bit_cast<u64>(wide) == std::bit_cast<u64>(other.wide) &&
           std::bit_cast<u32>(single) == std::bit_cast<u32>(other.single);
  }
};

void PrintTo(const Sums& sums, std::ostream* out) { *out << fmt::format("{:a}, {:a}", sums.wide, sums.single); }

// The nearest f32 is not always that to the nearest f64: halfway between two of them what is left of the sum
// decides.
Sums reference(std::span<const float> values) {
  std::vector<double> terms(values.begin(), values.end());
  const double wide = float_sum_reference(terms);
  terms.push_back(-wide);
  const double left = float_sum_reference(terms);
  float single = static_cast<float>(wide);
  if (left != 0 && std::isfinite(single) && static_cast<double>(single) != wide) {
    const float other = std::nextafter(single, static_cast<double>(single) < wide ? kInfinity : -kInfinity);
    const bool is_halfway = wide - single == static_cast<double>(other) - wide;
    if (is_halfway && (left > 0) == (other > single)) single = other;
  }
  return {wide == 0 ? 0 : wide, wide == 0 ? 0 : single};
}

class SumFloatsTest : public PrimitiveTest {
 protected:
  Sums summed(std::span<const float> values, bool count_on_gpu = false) {
    wait_until([&] { return prepare_sum_floats(device()); });
    std::vector<u32> bits;
    for (const float value : values) bits.push_back(std::bit_cast<u32>(value));
    const gpu::View result = untouched(4), uploaded = upload(bits);
    run([&](gpu::Frame& frame) {
      return sum_floats(
          frame,
          {.values = uploaded, .count = count_of(static_cast<u32>(values.size()), count_on_gpu), .result = result});
    });
    const std::vector<u64> words = elements_of(download(result), 4, false);
    EXPECT_EQ(words[3], values.size());
    return {std::bit_cast<double>(join_words(static_cast<u32>(words[0]), static_cast<u32>(words[1]))),
            std::bit_cast<float>(static_cast<u32>(words[2]))};
  }
};

TEST_P(SumFloatsTest, SumsEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    SCOPED_TRACE(fmt::format("{} elements", size));
    flip = !flip;
    Random random(size);
    std::vector<float> values(size);
    for (float& value : values) {
      const float unit = static_cast<float>(static_cast<i32>(random())) * 0x1p-31f;
      value = std::ldexp(unit, static_cast<int>(random() % 200) - 120);
    }
    EXPECT_EQ(summed(values, flip), reference(values));
    if (HasFailure()) return;
  }
}

// Each number and its opposite, and a little.
TEST_P(SumFloatsTest, LosesNothingToCancellation) {
  Random random(1);
  for (const float little : {0.0f, 0x1p-149f, -0x1p-149f, 0x1.234566p-140f, -1.5f, 0x1.fffffep-120f}) {
    std::vector<float> values = {little};
    for (u32 i = 0; i < 3'000; ++i) {
      const float value = std::bit_cast<float>(random());
      if (!std::isfinite(value)) continue;
      values.insert(values.end(), {value, -value});
    }
    std::ranges::shuffle(values, random);
    EXPECT_EQ(summed(values), (Sums{little == 0 ? 0.0 : little, little}));
  }
}

TEST_P(SumFloatsTest, RoundsOnceAndTiesToEven) {
  const float most = std::numeric_limits<float>::max();
  for (const std::vector<float>& values : {std::vector<float>{1, 0x1p-24f},
                                           {1, 0x1p-24f, 0x1p-60f},
                                           {1, 0x1p-24f, -0x1p-60f},
                                           {0x1.000002p0f, 0x1p-24f},
                                           {-1, -0x1p-24f, -0x1p-149f},
                                           {1, 0x1p-53f},
                                           {1, 0x1p-53f, 0x1p-140f},
                                           {0x1.000002p0f, 0x1p-53f},
                                           {0x1p-149f, 0x1p-149f},
                                           {0x1.fffffep-127f, 0x1p-149f},
                                           {most, 0x1p102f},
                                           {-0.0f, -0.0f}}) {
    EXPECT_EQ(summed(values), reference(values));
  }
  EXPECT_EQ(summed(std::vector<float>{1, 0x1p-24f, 0x1p-60f}).single, 0x1.000002p0f);
  EXPECT_EQ(summed(std::vector<float>(100'000, most)), (Sums{100'000.0 * most, kInfinity}));
  EXPECT_EQ(summed(std::vector<float>(100'000, -most)), (Sums{-100'000.0 * most, -kInfinity}));
}

TEST_P(SumFloatsTest, FollowsIeeeForWhatIsNotFinite) {
  EXPECT_EQ(summed(std::vector<float>{1, kInfinity, 2}), (Sums{kInfinity, kInfinity}));
  EXPECT_EQ(summed(std::vector<float>{1, -kInfinity, 2}), (Sums{-kInfinity, -kInfinity}));
  const Sums both = summed(std::vector<float>{kInfinity, -kInfinity}), nan = summed(std::vector<float>{1, kNan});
  EXPECT_TRUE(std::isnan(both.wide) && std::isnan(both.single) && std::isnan(nan.wide) && std::isnan(nan.single));
}

TEST_P(SumFloatsTest, CreatesNothingInASteadyFrame) {
  wait_until([&] { return prepare_sum_floats(device()); });
  const gpu::View values = upload(std::vector<u32>(5'000, 0x3f800000u)), result = untouched(4);
  EXPECT_TRUE(creations_of_second([&](gpu::Frame& frame) {
                return sum_floats(frame, {.values = values, .count = 5'000, .result = result});
              }).empty());
  EXPECT_EQ(refusal([&](gpu::Frame& frame) {
              return sum_floats(frame, {.values = values, .count = 5'001, .result = result});
            }),
            "`values` of sum_floats has 20,000 bytes, but 20,004 are needed. Give it as many.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, SumFloatsTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
