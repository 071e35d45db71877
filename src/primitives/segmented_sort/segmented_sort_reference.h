// The CPU twin of segmented_sort: the new order of rows.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {

inline std::vector<u32> segmented_sort_reference(std::span<const u64> keys, std::span<const u32> offsets,
                                                 const SortOrder& order) {
  std::vector<size_t> ends;
  for (const u32 offset : offsets) ends.push_back(std::min<size_t>(offset, keys.size()));
  ends.push_back(keys.size());
  std::vector<u32> rows;
  size_t begin = 0;
  for (const size_t end : ends) {
    for (const u32 row : sort_reference(keys.subspan(begin, end - begin), order)) {
      rows.push_back(static_cast<u32>(begin) + row);
    }
    begin = end;
  }
  return rows;
}

}  // namespace shoal::primitives
