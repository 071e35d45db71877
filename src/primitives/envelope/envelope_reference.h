// The CPU twin of envelope.
#pragma once

#include <span>
#include <vector>

#include "primitives/arg_extreme/arg_extreme_reference.h"

namespace shoal::primitives {

struct EnvelopeAnswer {
  std::vector<u64> extremes, rows;
};

inline EnvelopeAnswer envelope_reference(std::span<const u64> values, ElementType type,
                                         std::span<const u32> offsets) {
  constexpr u64 kNone = 0xffffffffu;
  EnvelopeAnswer answer;
  const auto is_nan = [&](u64 bits) { return type == ElementType::kF32 && (bits & 0x7fffffffu) > 0x7f800000u; };
  for (size_t column = 0; column + 1 < offsets.size(); ++column) {
    const u32 begin = offsets[column], end = offsets[column + 1];
    const std::span<const u64> own = values.subspan(begin, end - begin);
    const u32 low = arg_extreme_reference(own, type, false), high = arg_extreme_reference(own, type, true);
    const bool is_empty = begin == end, has_numbers = !is_empty && !is_nan(own[low]);
    const u64 nothing = type == ElementType::kF32 ? 0x7fc00000u : 0;
    answer.extremes.push_back(has_numbers ? own[low] : nothing);
    answer.extremes.push_back(has_numbers ? own[high] : nothing);
    answer.rows.push_back(is_empty ? kNone : begin);
    answer.rows.push_back(has_numbers ? begin + low : kNone);
    answer.rows.push_back(has_numbers ? begin + high : kNone);
    answer.rows.push_back(is_empty ? kNone : end - 1);
  }
  return answer;
}

}  // namespace shoal::primitives
