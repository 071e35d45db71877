// DELTA_BINARY_PACKED as writers make it, for tests and benchmarks, and its CPU twin: number by number, bit by bit.
#pragma once

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

class DeltaWriter {
 public:
  DeltaWriter(u32 block_size, u32 miniblocks) : block_size_(block_size), miniblocks_(miniblocks) {}

  // Differences modulo the type's width, as bits of it.
  std::vector<u8> written(std::span<const u64> values, bool wide) {
    put(block_size_);
    put(miniblocks_);
    put(values.size());
    put_signed(values.empty() ? 0 : as_signed(values[0], wide));
    std::vector<i64> deltas;
    for (size_t i = 1; i < values.size(); ++i) deltas.push_back(as_signed(values[i] - values[i - 1], wide));
    for (size_t first = 0; first < deltas.size(); first += block_size_) {
      put_block(std::span(deltas).subspan(first, std::min<size_t>(block_size_, deltas.size() - first)), wide);
    }
    return bytes_;
  }

 private:
  static i64 as_signed(u64 bits, bool wide) {
    return wide ? static_cast<i64>(bits) : i64{static_cast<i32>(static_cast<u32>(bits))};
  }

  void put(u64 number) {
    for (; number >= 0x80; number >>= 7) bytes_.push_back(static_cast<u8>(number | 0x80));
    bytes_.push_back(static_cast<u8>(number));
  }
  void put_signed(i64 number) { put((static_cast<u64>(number) << 1) ^ static_cast<u64>(number >> 63)); }

  void put_block(std::span<const i64> deltas, bool wide) {
    const i64 least = *std::ranges::min_element(deltas);
    put_signed(least);
    const u32 per_miniblock = block_size_ / miniblocks_;
    const size_t widths = bytes_.size();
    bytes_.resize(widths + miniblocks_);
    for (u32 i = 0; i < miniblocks_ && i * per_miniblock < deltas.size(); ++i) {
      const auto own =
          deltas.subspan(i * per_miniblock, std::min<size_t>(per_miniblock, deltas.size() - i * per_miniblock));
      u64 all = 0;
      const auto above = [&](i64 delta) {
        const u64 number = static_cast<u64>(delta) - static_cast<u64>(least);
        return wide ? number : number & 0xffffffffu;
      };
      for (const i64 delta : own) all |= above(delta);
      const u32 bits = static_cast<u32>(std::bit_width(all));
      bytes_[widths + i] = static_cast<u8>(bits);
      const size_t begin = bytes_.size();
      bytes_.resize(begin + u64{per_miniblock} * bits / 8);
      for (size_t k = 0; k < own.size(); ++k) {
        for (u32 bit = 0; bit < bits; ++bit) {
          const size_t at = k * bits + bit;
          bytes_[begin + at / 8] |= static_cast<u8>((above(own[k]) >> bit & 1) << (at % 8));
        }
      }
    }
  }

  u32 block_size_, miniblocks_;
  std::vector<u8> bytes_;
};

}  // namespace shoal::primitives
