#include "base/hybrid_runs.h"

#include <algorithm>
#include <cstring>

namespace shoal {

HybridRuns HybridRuns::packed(std::span<const u8> bytes, u32 width) {
  HybridRuns runs({}, width);
  runs.is_repeated_ = false;
  runs.packed_ = bytes;
  runs.left_ = u64{bytes.size()} * 8 / width;
  return runs;
}

bool HybridRuns::next_run() {
  while (!bytes_.empty()) {
    u64 head = 0;
    size_t at = 0;
    for (u32 shift = 0;; shift += 7) {
      if (at == bytes_.size() || shift > 28) return false;
      const u8 byte = bytes_[at++];
      head |= u64{byte & 0x7fu} << shift;
      if (byte < 0x80) break;
    }
    bytes_ = bytes_.subspan(at);
    consumed_ = 0;
    if ((head & 1) == 0) {
      const size_t value_bytes = (width_ + 7) / 8;
      if (bytes_.size() < value_bytes) return false;
      is_repeated_ = true;
      repeated_value_ = 0;
      if (value_bytes > 0) std::memcpy(&repeated_value_, bytes_.data(), value_bytes);
      bytes_ = bytes_.subspan(value_bytes);
      left_ = head >> 1;
    } else {
      // Some writers cut the padding of the last run: what is there counts.
      const u64 groups = head >> 1;
      const size_t size = static_cast<size_t>(std::min<u64>(groups * width_, bytes_.size()));
      is_repeated_ = false;
      packed_ = bytes_.first(size);
      bytes_ = bytes_.subspan(size);
      left_ = width_ == 0 ? groups * 8 : std::min<u64>(groups * 8, u64{size} * 8 / width_);
    }
    if (left_ > 0) return true;
  }
  return false;
}

}  // namespace shoal
