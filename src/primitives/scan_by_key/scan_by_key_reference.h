// The CPU twin of scan_by_key.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

inline std::vector<u64> scan_by_key_reference(std::span<const u64> values, std::span<const u8> is_head,
                                              u64 identity, const std::function<u64(u64, u64)>& combine,
                                              bool is_inclusive) {
  std::vector<u64> result;
  u64 folded = identity;
  for (size_t i = 0; i < values.size(); ++i) {
    if (is_head[i] != 0) folded = identity;
    const u64 before = folded;
    folded = combine(folded, values[i]);
    result.push_back(is_inclusive ? folded : before);
  }
  return result;
}

}  // namespace shoal::primitives
