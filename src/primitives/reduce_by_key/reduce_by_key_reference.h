// The CPU twin of reduce_by_key.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

struct SegmentSums {
  std::vector<u64> result;
  std::vector<u64> starts;
};

inline SegmentSums reduce_by_key_reference(std::span<const u64> values, std::span<const u8> is_head, u64 identity,
                                           const std::function<u64(u64, u64)>& combine) {
  SegmentSums sums;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i == 0 || is_head[i] != 0) {
      sums.result.push_back(identity);
      sums.starts.push_back(i);
    }
    sums.result.back() = combine(sums.result.back(), values[i]);
  }
  return sums;
}

}  // namespace shoal::primitives
