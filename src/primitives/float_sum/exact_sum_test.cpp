// Exact sums become the nearest f64, whatever is divided by.
#include "primitives/float_sum/exact_sum.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace shoal::primitives {
namespace {

u128 size_of(i128 value) { return value < 0 ? -static_cast<u128>(value) : static_cast<u128>(value); }

// How far `rounded` x divisor is from the integer, in units of 2^-`fine`.
u128 error_of(i128 integer, u32 divisor, double rounded, int fine) {
  int exponent = 0;
  const i128 mantissa = static_cast<i128>(std::ldexp(std::frexp(rounded, &exponent), 53));
  const int shift = exponent - 53 + fine;
  EXPECT_GE(shift, 0);
  return size_of((integer << fine) - ((mantissa * static_cast<i128>(divisor)) << shift));
}

TEST(ExactSum, IntegersDividedRoundToTheNearest) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    // Quotients of all sizes, such that the errors are exact in 128 bits.
    const u32 divisor = static_cast<u32>(random() >> (48 + random() % 16)) + 1;
    const i128 integer = static_cast<i128>(static_cast<i64>(random()) >> (24 + random() % 36));
    const double rounded = rounded_quotient(exact_sum(integer), divisor);
    if (integer == 0) {
      ASSERT_EQ(rounded, 0);
      continue;
    }
    constexpr int kFine = 70;
    const u128 error = error_of(integer, divisor, rounded, kFine);
    const double above = std::nextafter(rounded, std::numeric_limits<double>::infinity());
    const double below = std::nextafter(rounded, -std::numeric_limits<double>::infinity());
    ASSERT_LE(error, error_of(integer, divisor, above, kFine)) << static_cast<i64>(integer) << " / " << divisor;
    ASSERT_LE(error, error_of(integer, divisor, below, kFine)) << static_cast<i64>(integer) << " / " << divisor;
  }
}

TEST(ExactSum, LargeIntegersRoundLikeTheMachine) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const i128 integer = static_cast<i128>((static_cast<u128>(random()) << 64) | random()) >> (random() % 120);
    ASSERT_EQ(rounded_quotient(exact_sum(integer), 1), static_cast<double>(integer));
  }
}

TEST(ExactSum, TiesGoToEven) {
  const i128 two53 = i128{1} << 53;
  EXPECT_EQ(rounded_quotient(exact_sum(two53 + 1), 1), 0x1p53);
  EXPECT_EQ(rounded_quotient(exact_sum(two53 + 3), 1), 0x1p53 + 4);
  EXPECT_EQ(rounded_quotient(exact_sum(-two53 - 1), 1), -0x1p53);
  EXPECT_EQ(rounded_quotient(exact_sum(2 * two53 + 3), 2), 0x1p53 + 2);  // 2^53 + 1.5
}

TEST(ExactSum, EndsOfTheRange) {
  ExactSum smallest;
  smallest.limbs[1] = 1;  // 2^-1074
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(rounded_quotient(smallest, 1), kSmallest);
  EXPECT_EQ(rounded_quotient(smallest, 2), 0);
  smallest.limbs[1] = 3;
  EXPECT_EQ(rounded_quotient(smallest, 2), 2 * kSmallest);
  EXPECT_EQ(rounded_quotient(smallest, 4), kSmallest);
  smallest.is_negative = true;
  EXPECT_EQ(rounded_quotient(smallest, 2), -2 * kSmallest);

  ExactSum largest;
  largest.limbs[(1106 + 1024) / 32] = 1u << ((1106 + 1024) % 32);  // 2^1024
  EXPECT_EQ(rounded_quotient(largest, 1), std::numeric_limits<double>::infinity());
  EXPECT_EQ(rounded_quotient(largest, 2), 0x1p1023);
  EXPECT_EQ(rounded_quotient(largest, 4), 0x1p1022);
  largest.is_negative = true;
  EXPECT_EQ(rounded_quotient(largest, 1), -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace shoal::primitives
