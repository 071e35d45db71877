// Sorting where little is sorted.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>

namespace shoal {

// Not stable; n log n. std::sort costs the page 3 to 6 KB of code for every type that it sorts, this a tenth of
// that. It is for what comes by the dozen, or in order already: std::sort is twice as fast over thousands.
template <class Range, class Less = std::ranges::less, class Projection = std::identity>
void heap_sort(Range& range, Less less = {}, Projection projection = {}) {
  if (std::ranges::is_sorted(range, less, projection)) return;
  std::ranges::make_heap(range, less, projection);
  std::ranges::sort_heap(range, less, projection);
}

}  // namespace shoal
