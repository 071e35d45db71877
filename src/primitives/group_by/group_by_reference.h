// The CPU twin of group_by.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "primitives/group_by/group_by.h"

namespace shoal::primitives {

inline std::vector<Group> group_by_reference(std::span<const u32> codes, std::span<const u32> values,
                                             const GroupByOptions& options) {
  struct Exact {
    u32 count = 0;
    i64 smallest = 0, largest = 0;
    u64 sum = 0;
    u128 squares = 0;
  };
  std::vector<Exact> exact(options.group_count);
  for (size_t row = 0; row < codes.size(); ++row) {
    if (codes[row] >= options.group_count) continue;
    Exact& group = exact[codes[row]];
    const i64 value = options.type == ElementType::kI32 ? i64{static_cast<i32>(values[row])} : i64{values[row]};
    group.smallest = group.count == 0 ? value : std::min(group.smallest, value);
    group.largest = group.count == 0 ? value : std::max(group.largest, value);
    ++group.count;
    group.sum += static_cast<u64>(value);
    const u64 magnitude = static_cast<u64>(value < 0 ? -value : value);
    group.squares += magnitude * magnitude;
  }
  std::vector<Group> groups;
  for (const Exact& group : exact) {
    groups.push_back({.count = group.count,
                      .smallest = static_cast<u32>(group.smallest),
                      .largest = static_cast<u32>(group.largest),
                      .sum_low = low_word(group.sum),
                      .sum_high = high_word(group.sum),
                      .squares_low = static_cast<u32>(group.squares),
                      .squares_middle = static_cast<u32>(group.squares >> 32),
                      .squares_high = static_cast<u32>(group.squares >> 64)});
  }
  return groups;
}

}  // namespace shoal::primitives
