// The CPU twin of group_by of 64-bit integers, in 128 bits and a carry.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "primitives/group_by/group_by.h"

namespace shoal::primitives {

inline std::vector<WideGroup> wide_groups_reference(std::span<const u32> codes, std::span<const u64> values,
                                                    const GroupByOptions& options) {
  struct Exact {
    u32 count = 0, squares_carry = 0;
    i128 smallest = 0, largest = 0, sum = 0;
    u128 squares = 0;
  };
  std::vector<Exact> exact(options.group_count);
  for (size_t row = 0; row < codes.size(); ++row) {
    if (codes[row] >= options.group_count) continue;
    Exact& group = exact[codes[row]];
    const i128 value = options.type == ElementType::kI64 ? i128{static_cast<i64>(values[row])} : i128{values[row]};
    group.smallest = group.count == 0 ? value : std::min(group.smallest, value);
    group.largest = group.count == 0 ? value : std::max(group.largest, value);
    ++group.count;
    group.sum += value;
    const u128 magnitude = static_cast<u128>(value < 0 ? -value : value), square = magnitude * magnitude;
    group.squares += square;
    if (group.squares < square) ++group.squares_carry;
  }
  std::vector<WideGroup> groups;
  const auto word = [](auto number, u32 i) { return static_cast<u32>(static_cast<u128>(number) >> (32 * i)); };
  for (const Exact& group : exact) {
    groups.push_back({.count = group.count,
                      .smallest_high = word(group.smallest, 1),
                      .largest_high = word(group.largest, 1),
                      .sum_low = word(group.sum, 0),
                      .sum_middle = word(group.sum, 1),
                      .sum_high = word(group.sum, 2),
                      .smallest_low = word(group.smallest, 0),
                      .largest_low = word(group.largest, 0),
                      .squares = {word(group.squares, 0), word(group.squares, 1), word(group.squares, 2),
                                  word(group.squares, 3), group.squares_carry}});
  }
  return groups;
}

}  // namespace shoal::primitives
