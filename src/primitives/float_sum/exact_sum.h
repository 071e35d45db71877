// Numbers too large and too fine for any machine type, on their way to the nearest f64.
#pragma once

#include <array>

#include "base/int.h"

namespace shoal::primitives {

// A number in units of 2^-1106: 32 bits finer than the smallest f64, so that a rounded quotient needs no more bits
// than these and one that says whether anything is left. Holds the sum of 2^32 numbers of f64's or i128's size.
struct ExactSum {
  static constexpr u32 kUnitExponent = 1106;
  static constexpr size_t kLimbs = 71;

  std::array<u32, kLimbs> limbs = {};  // of the magnitude, lowest first
  bool is_negative = false;
};

ExactSum exact_sum(i128 integer);

// sum / divisor, rounded once to the nearest f64, ties to even; an infinity past the largest. `divisor` is not 0.
double rounded_quotient(const ExactSum& sum, u32 divisor);

}  // namespace shoal::primitives
