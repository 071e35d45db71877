// The CPU twin of float_sum.wgsl: another algorithm, in floating point, that ends at the same bits.
// Method: Shewchuk 1997, sums of two numbers without error, as in Python's math.fsum.
#pragma once

#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace shoal::primitives {

// The nearest f64 to the sum of finite numbers. No partial sum may overflow.
inline double float_sum_reference(std::span<const double> values) {
  std::vector<double> partials;  // ascending in size, no two overlap
  for (double value : values) {
    size_t kept = 0;
    for (double partial : partials) {
      if (std::abs(value) < std::abs(partial)) std::swap(value, partial);
      const double high = value + partial;
      const double low = partial - (high - value);
      if (low != 0) partials[kept++] = low;
      value = high;
    }
    partials.resize(kept);
    if (value != 0) partials.push_back(value);
  }
  double high = 0, low = 0;
  while (!partials.empty() && low == 0) {
    const double before = high;
    const double partial = partials.back();
    partials.pop_back();
    high = before + partial;
    low = partial - (high - before);
  }
  // Halfway between two numbers, what is left decides.
  if (!partials.empty() && low != 0 && (low < 0) == (partials.back() < 0)) {
    const double doubled = low * 2;
    const double rounded = high + doubled;
    if (doubled == rounded - high) high = rounded;
  }
  return high;
}

}  // namespace shoal::primitives
