// The CPU twin of compact and partition.
#pragma once

#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

struct CompactAnswer {
  std::vector<u32> rows;  // of the elements in their new order
  u32 kept_count = 0;
};

inline CompactAnswer compact_reference(std::span<const u8> is_kept, bool is_partition) {
  CompactAnswer answer;
  for (u32 row = 0; row < is_kept.size(); ++row) {
    if (is_kept[row] != 0) answer.rows.push_back(row);
  }
  answer.kept_count = static_cast<u32>(answer.rows.size());
  for (u32 row = 0; is_partition && row < is_kept.size(); ++row) {
    if (is_kept[row] == 0) answer.rows.push_back(row);
  }
  return answer;
}

}  // namespace shoal::primitives
