// Writes the hybrid of runs, for what tests and measures its decoding.
#pragma once

#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

class HybridWriter {
 public:
  explicit HybridWriter(u32 width) : width_(width) {}

  void repeat(u32 value, u32 count) {
    head(count << 1);
    for (u32 byte = 0; byte < divide_round_up(width_, 8u); ++byte) {
      bytes_.push_back(static_cast<u8>(value >> (8 * byte)));
    }
  }
  // As many as make whole groups of eight.
  void pack(std::span<const u32> values) {
    head(static_cast<u32>(values.size() / 8) << 1 | 1);
    const size_t begin = bytes_.size();
    bytes_.resize(begin + values.size() / 8 * width_);
    for (size_t bit = 0; bit < values.size() * width_; ++bit) {
      u8& byte = bytes_[begin + bit / 8];
      byte = static_cast<u8>(byte | ((values[bit / width_] >> (bit % width_)) & 1u) << (bit % 8));
    }
  }
  const std::vector<u8>& bytes() const { return bytes_; }

 private:
  void head(u32 value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<u8>(value | 0x80));
    bytes_.push_back(static_cast<u8>(value));
  }

  u32 width_;
  std::vector<u8> bytes_;
};

}  // namespace shoal::primitives
