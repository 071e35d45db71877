// Integers of 192 bits: what the variance of a group is made of, exact until it is rounded.
#pragma once

#include <cmath>

#include "base/int.h"

namespace shoal::primitives {

struct Product {
  u128 high = 0;
  u64 low = 0;
};

// By 1 to 63 bits.
inline Product shifted_left(u128 number, u32 bits) {
  return {number >> (64 - bits), static_cast<u64>(number) << bits};
}

// A number of 160 bits times another.
inline Product multiplied(u128 high, u64 low, u32 by) {
  const u128 low_product = u128{low} * by;
  return {high * by + (low_product >> 64), static_cast<u64>(low_product)};
}

// Of a number below 2^96.
inline Product squared(u128 number) {
  const u128 low = static_cast<u64>(number), high = number >> 64;
  const u128 low_square = low * low;
  return {(low_square >> 64) + 2 * low * high + ((high * high) << 64), static_cast<u64>(low_square)};
}

// 0 where b is larger.
inline Product difference(const Product& a, const Product& b) {
  if (a.high < b.high || (a.high == b.high && a.low < b.low)) return {};
  return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
}

inline double rounded(const Product& number) {
  if (number.high >> 64 == 0) return static_cast<double>((number.high << 64) | number.low);
  // The last bit stands for all that are below.
  return std::ldexp(static_cast<double>(number.high | (number.low != 0 ? 1u : 0u)), 64);
}

}  // namespace shoal::primitives
