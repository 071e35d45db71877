// The CPU twin of sort: the new order of rows, by images of keys as unsigned integers.
#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "base/int.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

// Of a key's bits: an unsigned integer that is in order where keys are.
inline u64 ordered_image(u64 bits, ElementType type) {
  switch (type) {
    case ElementType::kI32: return bits ^ 0x80000000u;
    case ElementType::kI64: return bits ^ (u64{1} << 63);
    case ElementType::kF32: {
      if ((bits & 0x7fffffffu) > 0x7f800000u) return 0xffffffffu;
      return (bits & 0x80000000u) != 0 ? ~bits & 0xffffffffu : bits | 0x80000000u;
    }
    default: return bits;
  }
}

struct SortOrder {
  ElementType type = ElementType::kU32;
  bool is_descending = false;
  u32 begin_bit = 0, end_bit = 0;
};

inline std::vector<u32> sort_reference(std::span<const u64> keys, const SortOrder& order) {
  const u32 width = element_bytes(order.type) * 8;
  const u32 bits = (order.end_bit == 0 ? width : order.end_bit) - order.begin_bit;
  const u64 mask = bits == 64 ? ~u64{0} : (u64{1} << bits) - 1;
  const auto image = [&](u32 row) {
    const u64 rising = ordered_image(keys[row], order.type);
    return ((order.is_descending ? ~rising : rising) >> order.begin_bit) & mask;
  };
  std::vector<u32> rows(keys.size());
  std::iota(rows.begin(), rows.end(), 0u);
  // Rows are distinct, so this is stable.
  std::ranges::sort(rows, [&](u32 a, u32 b) { return std::pair(image(a), a) < std::pair(image(b), b); });
  return rows;
}

}  // namespace shoal::primitives
