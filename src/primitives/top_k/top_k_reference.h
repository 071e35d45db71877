// The CPU twin of top_k and bottom_k: rows, by sorting all.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {

inline std::vector<u32> top_k_reference(std::span<const u64> values, ElementType type, u32 k, bool is_largest) {
  std::vector<u32> rows = sort_reference(values, {.type = type, .is_descending = is_largest});
  rows.resize(std::min<size_t>(rows.size(), k));
  return rows;
}

}  // namespace shoal::primitives
