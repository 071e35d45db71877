#include "formats/parquet/hybrid_runs.h"

#include <algorithm>
#include <cstring>

#include "formats/parquet/bit_unpack.h"

namespace shoal::formats::parquet {

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

void IndexReader::unpack(u32* out, size_t count) {
  const u32 width = runs_.width();
  const std::span<const u8> bytes = runs_.packed_bytes();
  if (const size_t inside = static_cast<size_t>(runs_.consumed() % 8); inside != 0) {
    const size_t taken = std::min(count, 8 - inside);
    std::copy_n(group_ + inside, taken, out);
    runs_.consume(taken);
    out += taken;
    count -= taken;
  }
  if (count == 0) return;
  // A cut run may end inside a group.
  size_t at = static_cast<size_t>(runs_.consumed() / 8) * width;
  const size_t whole = count / 8;
  unpack_groups(width, bytes.subspan(at), whole, out);
  at += whole * width;
  if (const size_t rest = count % 8; rest != 0) {
    u8 padded[kMostBitWidth] = {};
    if (width > 0) std::memcpy(padded, bytes.data() + at, std::min<size_t>(width, bytes.size() - at));
    unpack_groups(width, {padded, width}, 1, group_);
    std::copy_n(group_, rest, out + whole * 8);
  }
  runs_.consume(count);
}

}  // namespace shoal::formats::parquet
