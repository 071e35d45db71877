// Short names for the integers that the GPU and file formats speak of, and arithmetic on them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace shoal {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
__extension__ typedef __int128 i128;  // exact room for any difference and product of base and divisor
__extension__ typedef unsigned __int128 u128;
using std::size_t;

template <class T>
constexpr T divide_round_up(T value, T divisor) {
  return static_cast<T>((value + divisor - 1) / divisor);
}

// `alignment` is a power of two.
template <class T>
constexpr T align_up(T value, T alignment) {
  return static_cast<T>((value + alignment - 1) & ~(alignment - 1));
}

constexpr u32 low_word(u64 value) { return static_cast<u32>(value); }
constexpr u32 high_word(u64 value) { return static_cast<u32>(value >> 32); }
constexpr u64 join_words(u32 low, u32 high) { return u64{low} | (u64{high} << 32); }

}  // namespace shoal
