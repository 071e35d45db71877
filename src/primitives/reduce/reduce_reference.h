// The CPU twin of reduce.wgsl with reduce_merge.wgsl.
#pragma once

#include <algorithm>
#include <span>

#include "primitives/reduce/reduce.h"

namespace shoal::primitives {

// Element k counts where `is_present` is empty or is_present[k] is not 0.
inline ReduceState reduce_reference(std::span<const u64> elements, std::span<const u8> is_present = {}) {
  u64 smallest = ~u64{0}, largest = 0;
  u128 sum = 0;
  u32 count = 0;
  for (size_t k = 0; k < elements.size(); ++k) {
    if (!is_present.empty() && is_present[k] == 0) continue;
    smallest = std::min(smallest, elements[k]);
    largest = std::max(largest, elements[k]);
    sum += elements[k];
    ++count;
  }
  return {.smallest = {low_word(smallest), high_word(smallest)},
          .largest = {low_word(largest), high_word(largest)},
          .sum_low = {low_word(static_cast<u64>(sum)), high_word(static_cast<u64>(sum))},
          .sum_high = static_cast<u32>(sum >> 64),
          .count = count};
}

}  // namespace shoal::primitives
