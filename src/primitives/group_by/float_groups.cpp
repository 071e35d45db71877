// What a group of floats says, as f64.
#include <algorithm>
#include <cmath>
#include <limits>

#include "primitives/float_sum/exact_sum.h"
#include "primitives/group_by/group_by.h"

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

// An integer of 192 bits.
struct Product {
  u128 high = 0;
  u64 low = 0;
};

Product shifted_left(u128 number, u32 bits) { return {number >> (64 - bits), static_cast<u64>(number) << bits}; }

// Of a number below 2^95.
Product squared(u128 number) {
  const u128 low = static_cast<u64>(number), high = number >> 64;
  const u128 low_square = low * low;
  return {(low_square >> 64) + 2 * low * high + ((high * high) << 64), static_cast<u64>(low_square)};
}

// 0 where b is larger.
Product difference(const Product& a, const Product& b) {
  if (a.high < b.high || (a.high == b.high && a.low < b.low)) return {};
  return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
}

double rounded(const Product& number) {
  if (number.high >> 64 == 0) return static_cast<double>((number.high << 64) | number.low);
  // The last bit stands for all that are below.
  return std::ldexp(static_cast<double>(number.high | (number.low != 0 ? 1u : 0u)), 64);
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
