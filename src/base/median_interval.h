// What repeated measurements say of the true median.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace shoal {

struct MedianInterval {
  double low = 0, median = 0, high = 0;
};

// The median, and the order statistics around it that hold the true one with 95 %: for n values the k-th from
// either end, with k from the binomial distribution. Of fewer than six values the least and the most, which hold it
// with less.
inline MedianInterval median_interval(std::vector<double> values) {
  std::ranges::sort(values);
  const size_t n = values.size();
  if (n == 0) return {};
  double left = 1;  // 2^-n times the binomial coefficients so far
  for (size_t i = 0; i < n; ++i) left /= 2;
  double tail = left;
  size_t k = 0;
  while (tail <= 0.025 && k + 1 < n / 2) {
    ++k;
    left = left * static_cast<double>(n - k + 1) / static_cast<double>(k);
    tail += left;
  }
  if (tail > 0.025 && k > 0) --k;
  return {values[k], values[n / 2], values[n - 1 - k]};
}

}  // namespace shoal
