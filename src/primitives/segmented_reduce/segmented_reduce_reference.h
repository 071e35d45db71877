// The CPU twin of segmented_reduce.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

inline std::vector<u64> segmented_reduce_reference(std::span<const u64> values, std::span<const u32> offsets,
                                                   u64 identity, const std::function<u64(u64, u64)>& combine) {
  std::vector<u64> result;
  for (size_t i = 0; i + 1 < offsets.size(); ++i) {
    result.push_back(identity);
    for (u32 row = offsets[i]; row < offsets[i + 1]; ++row) result.back() = combine(result.back(), values[row]);
  }
  return result;
}

}  // namespace shoal::primitives
