#include "formats/parquet/index_reader.h"

#include <algorithm>
#include <cstring>

#include "formats/parquet/bit_unpack.h"

namespace shoal::formats::parquet {

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
