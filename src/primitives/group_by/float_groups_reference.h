// The CPU twin of group_by of floats: units and rounding in f64, which holds each number and each square exactly.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <vector>

#include "primitives/group_by/group_by.h"
#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {

inline std::vector<FloatGroup> float_groups_reference(std::span<const u32> codes, std::span<const u32> values,
                                                      u32 group_count) {
  constexpr u32 kNan = 0x7fc00000u;
  std::vector<FloatGroup> groups(group_count, {.smallest = kNan, .largest = kNan});
  const auto is_before = [](u32 a, u32 b) {
    return ordered_image(a, ElementType::kF32) < ordered_image(b, ElementType::kF32);
  };
  for (size_t row = 0; row < codes.size(); ++row) {
    if (codes[row] >= group_count) continue;
    FloatGroup& group = groups[codes[row]];
    const u32 bits = values[row];
    const float value = std::bit_cast<float>(bits);
    ++group.count;
    if (std::isnan(value)) {
      ++group.nans;
      continue;
    }
    if (group.smallest == kNan || is_before(bits, group.smallest)) group.smallest = bits;
    if (group.largest == kNan || is_before(group.largest, bits)) group.largest = bits;
    if (std::isinf(value)) {
      group.infinities |= value > 0 ? 1u : 2u;
    } else {
      group.top_exponent = std::max({group.top_exponent, (bits >> 23) & 0xffu, 1u});
    }
  }
  std::vector<u128> sums(group_count), squares(group_count);
  for (size_t row = 0; row < codes.size(); ++row) {
    const double value = std::bit_cast<float>(values[row]);
    if (codes[row] >= group_count || !std::isfinite(value)) continue;
    const int top = static_cast<int>(groups[codes[row]].top_exponent);
    sums[codes[row]] += static_cast<u128>(i128{static_cast<i64>(std::round(std::ldexp(value, 189 - top)))});
    squares[codes[row]] += static_cast<u64>(std::round(std::ldexp(value * value, 316 - 2 * top)));
  }
  for (u32 i = 0; i < group_count; ++i) {
    groups[i].sum_low = static_cast<u32>(sums[i]);
    groups[i].sum_middle = static_cast<u32>(sums[i] >> 32);
    groups[i].sum_high = static_cast<u32>(sums[i] >> 64);
    groups[i].squares_low = static_cast<u32>(squares[i]);
    groups[i].squares_middle = static_cast<u32>(squares[i] >> 32);
    groups[i].squares_high = static_cast<u32>(squares[i] >> 64);
  }
  return groups;
}

}  // namespace shoal::primitives
