// The CPU twin of grouped_quantiles: the quantiles of each group's list.
#pragma once

#include <span>
#include <vector>

#include "primitives/quantiles/quantiles_reference.h"

namespace shoal::primitives {

inline std::vector<u64> grouped_quantiles_reference(std::span<const u32> codes, std::span<const u64> values,
                                                    ElementType type, u32 group_count,
                                                    std::span<const Quantile> quantiles) {
  std::vector<std::vector<u64>> groups(group_count);
  for (size_t row = 0; row < codes.size(); ++row) {
    if (codes[row] < group_count) groups[codes[row]].push_back(values[row]);
  }
  std::vector<u64> result;
  for (const std::vector<u64>& group : groups) {
    const std::vector<u64> found =
        group.empty() ? std::vector<u64>(quantiles.size(), type == ElementType::kF32 ? 0x7fc00000u : 0)
                      : quantiles_reference(group, type, quantiles);
    result.insert(result.end(), found.begin(), found.end());
  }
  return result;
}

}  // namespace shoal::primitives
