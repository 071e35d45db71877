// The CPU twin of quantiles: sorts.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "primitives/quantiles/quantiles.h"
#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {

inline std::vector<u64> quantiles_reference(std::span<const u64> values, ElementType type,
                                            std::span<const Quantile> quantiles) {
  std::vector<u64> sorted(values.begin(), values.end());
  std::ranges::sort(sorted, {}, [type](u64 bits) { return ordered_image(bits, type); });
  std::vector<u64> found;
  for (const Quantile& quantile : quantiles) {
    const u64 rank = divide_round_up(u64{sorted.size()} * quantile.numerator, u64{quantile.denominator});
    found.push_back(sorted[static_cast<size_t>(std::max<u64>(rank, 1) - 1)]);
  }
  return found;
}

}  // namespace shoal::primitives
