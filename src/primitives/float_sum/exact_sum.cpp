#include "primitives/float_sum/exact_sum.h"

#include <cmath>

namespace shoal::primitives {
namespace {

constexpr u32 kMantissaBits = 53;
constexpr u32 kSmallestBit = 32;  // of 2^-1074, the last bit of the smallest f64

bool bit_of(const std::array<u32, ExactSum::kLimbs>& limbs, u32 bit) {
  return ((limbs[bit / 32] >> (bit % 32)) & 1u) != 0;
}

}  // namespace

ExactSum exact_sum(i128 integer) {
  ExactSum sum{.limbs = {}, .is_negative = integer < 0};
  u128 magnitude = integer < 0 ? -static_cast<u128>(integer) : static_cast<u128>(integer);
  constexpr u32 kFirst = ExactSum::kUnitExponent / 32, kShift = ExactSum::kUnitExponent % 32;
  u64 carry = 0;
  for (size_t i = kFirst; magnitude != 0 || carry != 0; ++i) {
    carry |= static_cast<u64>(static_cast<u32>(magnitude)) << kShift;
    sum.limbs[i] = static_cast<u32>(carry);
    carry >>= 32;
    magnitude >>= 32;
  }
  return sum;
}

double rounded_quotient(const ExactSum& sum, u32 divisor) {
  std::array<u32, ExactSum::kLimbs> quotient = {};
  u64 remainder = 0;
  u32 bits = 0;  // of the quotient
  for (size_t i = quotient.size(); i-- > 0;) {
    remainder = (remainder << 32) | sum.limbs[i];
    quotient[i] = static_cast<u32>(remainder / divisor);
    remainder %= divisor;
    if (bits == 0 && quotient[i] != 0)
      bits = static_cast<u32>(32 * i) + static_cast<u32>(std::bit_width(quotient[i]));
  }
  const u32 last = bits > kSmallestBit + kMantissaBits ? bits - kMantissaBits : kSmallestBit;
  u64 mantissa = 0;
  for (u32 bit = bits; bit-- > last;) mantissa = (mantissa << 1) | (bit_of(quotient, bit) ? 1u : 0u);
  bool is_more_than_half = remainder != 0;
  for (u32 bit = 0; bit < last - 1; ++bit) is_more_than_half = is_more_than_half || bit_of(quotient, bit);
  if (bit_of(quotient, last - 1) && (is_more_than_half || mantissa % 2 == 1)) ++mantissa;
  const double magnitude =
      std::ldexp(static_cast<double>(mantissa), static_cast<int>(last) - static_cast<int>(ExactSum::kUnitExponent));
  return sum.is_negative ? -magnitude : magnitude;
}

}  // namespace shoal::primitives
