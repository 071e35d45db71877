// The columns a filter reads, in the order in which its parts asked for them.
#pragma once

#include <algorithm>
#include <vector>

#include "base/int.h"

namespace shoal::query {

class FilterSlots {
 public:
  u32 of(size_t column) {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found == columns_.end()) {
      columns_.push_back(column);
      return static_cast<u32>(columns_.size() - 1);
    }
    return static_cast<u32>(found - columns_.begin());
  }
  const std::vector<size_t>& columns() const { return columns_; }

 private:
  std::vector<size_t> columns_;
};

}  // namespace shoal::query
