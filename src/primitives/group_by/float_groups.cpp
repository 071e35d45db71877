// What a group of floats says, as f64.
#include <cmath>
#include <limits>

#include "primitives/float_sum/exact_sum.h"
#include "primitives/group_by/group_by.h"
#include "primitives/group_by/product.h"

namespace shoal::primitives {
namespace {

constexpr int kSumExponent = -189, kSquaresExponent = -316;  // float_groups.wgsl's units, at an exponent of 0

// In units of the group's.
i128 sum_of(const FloatGroup& group) {
  const u128 bits = (u128{group.sum_high} << 64) | join_words(group.sum_low, group.sum_middle);
  return static_cast<i128>(bits << 32) >> 32;
}

u128 squares_of(const FloatGroup& group) {
  return (u128{group.squares_high} << 64) | join_words(group.squares_low, group.squares_middle);
}

// What NaN and infinities make of a sum; 0 where there are none.
double beyond_finite(const FloatGroup& group) {
  if (group.nans != 0 || group.infinities == 3) return std::numeric_limits<double>::quiet_NaN();
  if (group.infinities == 0) return 0;
  const double infinity = std::numeric_limits<double>::infinity();
  return group.infinities == 1 ? infinity : -infinity;
}

double quotient(const FloatGroup& group, u32 divisor) {
  const double beyond = beyond_finite(group);
  if (beyond != 0 || divisor == 0) return beyond;
  return std::ldexp(rounded_quotient(exact_sum(sum_of(group)), divisor),
                    static_cast<int>(group.top_exponent) + kSumExponent);
}

}  // namespace

double group_sum(const FloatGroup& group) { return quotient(group, 1); }

double group_mean(const FloatGroup& group) { return quotient(group, group.count); }

double group_variance(const FloatGroup& group) {
  if (group.count == 0) return 0;
  if (beyond_finite(group) != 0) return std::numeric_limits<double>::quiet_NaN();
  const i128 sum = sum_of(group);
  // n times the squares less the square of the sum, exact in units of the latter, which are finer.
  constexpr u32 kFiner = kSquaresExponent - 2 * kSumExponent;
  const Product scaled = difference(shifted_left(squares_of(group) * group.count, kFiner),
                                    squared(static_cast<u128>(sum < 0 ? -sum : sum)));
  return std::ldexp(rounded(scaled) / group.count / group.count,
                    2 * (static_cast<int>(group.top_exponent) + kSumExponent));
}

}  // namespace shoal::primitives
