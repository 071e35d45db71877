// The CPU twin of argmin and argmax, over images of elements as unsigned integers.
#pragma once

#include <span>

#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {

inline u32 arg_extreme_reference(std::span<const u64> values, ElementType type, bool is_largest) {
  const auto is_nan = [&](u64 bits) { return type == ElementType::kF32 && (bits & 0x7fffffffu) > 0x7f800000u; };
  u32 best = 0xffffffffu;
  for (u32 row = 0; row < values.size(); ++row) {
    if (best == 0xffffffffu) {
      best = row;
      continue;
    }
    if (is_nan(values[row])) continue;
    const u64 own = ordered_image(values[row], type), found = ordered_image(values[best], type);
    if (is_nan(values[best]) || (is_largest ? own > found : own < found)) best = row;
  }
  return best;
}

}  // namespace shoal::primitives
