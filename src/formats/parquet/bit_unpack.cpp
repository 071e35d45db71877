#include "formats/parquet/bit_unpack.h"

#include <array>
#include <cassert>
#include <cstring>
#include <utility>

namespace shoal::formats::parquet {
namespace {

// Each integer of a group of 8 starts at a byte and shift known to the compiler and, with 7 bits of shift at
// most, lies in the 8 bytes from there: one load, one shift, one mask, no integer waits for another.
template <u32 kWidth, size_t... kI>
inline void unpack_group(const u8* in, u32* out, std::index_sequence<kI...>) {
  constexpr u64 kMask = (u64{1} << kWidth) - 1;
  u64 words[8];
  ((std::memcpy(&words[kI], in + kI * kWidth / 8, 8)), ...);
  ((out[kI] = static_cast<u32>((words[kI] >> (kI * kWidth % 8)) & kMask)), ...);
}

template <u32 kWidth>
void unpack(const u8* in, size_t groups, u32* out) {
  for (; groups > 0; --groups, in += kWidth, out += 8) unpack_group<kWidth>(in, out, std::make_index_sequence<8>{});
}

using Unpack = void (*)(const u8*, size_t, u32*);
template <size_t... kWidth>
constexpr std::array<Unpack, sizeof...(kWidth)> unpack_table(std::index_sequence<kWidth...>) {
  return {&unpack<static_cast<u32>(kWidth)>...};
}
constexpr auto kUnpack = unpack_table(std::make_index_sequence<kMostBitWidth + 1>{});

// How far behind the start of a group its last load reaches.
constexpr size_t reach_bytes(size_t width) { return 7 * width / 8 + 8; }

}  // namespace

void unpack_groups(u32 width, std::span<const u8> bytes, size_t groups, u32* out) {
  assert(width <= kMostBitWidth && groups * width <= bytes.size());
  if (groups == 0) return;
  if (width == 0) {
    std::memset(out, 0, groups * 8 * sizeof(u32));
    return;
  }
  const size_t reach = reach_bytes(width);
  size_t safe = bytes.size() < reach ? 0 : (bytes.size() - reach) / width + 1;
  if (safe > groups) safe = groups;
  kUnpack[width](bytes.data(), safe, out);
  // The loads of the last groups would pass the end: they are made from a copy.
  for (size_t group = safe; group < groups; ++group) {
    u8 padded[reach_bytes(kMostBitWidth)] = {};
    std::memcpy(padded, bytes.data() + group * width, width);
    kUnpack[width](padded, 1, out + group * 8);
  }
}

}  // namespace shoal::formats::parquet
