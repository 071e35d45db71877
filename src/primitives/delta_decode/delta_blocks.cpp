// The headers of DELTA_BINARY_PACKED.
#include <algorithm>

#include "base/text.h"
#include "primitives/delta_decode/delta_decode.h"

namespace shoal::primitives {
namespace {

constexpr u64 kMostNumbers = 0xfff00000u;

class HeaderReader {
 public:
  explicit HeaderReader(std::span<const u8> bytes) : bytes_(bytes) {}

  u64 at() const { return at_; }
  u64 left() const { return bytes_.size() - at_; }

  // At most so many bytes; what is not there does not count.
  void skip(u64 bytes) { at_ += static_cast<size_t>(std::min<u64>(bytes, left())); }

  u8 byte_at(u64 at) const { return bytes_[static_cast<size_t>(at)]; }

  // Unsigned, of 64 bits.
  Result<u64> number() {
    u64 number = 0;
    for (u32 shift = 0; shift < 64 && left() != 0; shift += 7) {
      const u8 byte = bytes_[at_++];
      number |= u64{byte & 0x7fu} << shift;
      if (byte < 0x80) return number;
    }
    return broken("a number of a header does not end");
  }

  // The sign is the lowest bit.
  Result<u64> signed_number() {
    SHOAL_TRY_SET(const u64 zigzag, number());
    return (zigzag >> 1) ^ (u64{0} - (zigzag & 1));
  }

  std::unexpected<Error> broken(std::string_view what) const {
    return fail(ErrorCode::kCorrupt,
                "Packed differences cannot be read: at byte {} of {} {}. Read the file anew, or give all bytes.",
                group_thousands(at_), group_thousands(bytes_.size()), what);
  }

 private:
  std::span<const u8> bytes_;
  size_t at_ = 0;
};

struct BlockShape {
  u64 miniblocks = 0;     // of a block
  u64 per_miniblock = 0;  // numbers
  u64 count = 0;          // of all of them
};

Result<BlockShape> read_shape(HeaderReader& reader) {
  SHOAL_TRY_SET(const u64 block_size, reader.number());
  SHOAL_TRY_SET(const u64 miniblocks, reader.number());
  SHOAL_TRY_SET(const u64 count, reader.number());
  if (miniblocks == 0 || block_size % miniblocks != 0 || block_size / miniblocks == 0 ||
      block_size / miniblocks % 32 != 0 || block_size >> 32 != 0) {
    return reader.broken("miniblocks are not of a multiple of 32 numbers each");
  }
  if (count > kMostNumbers) {
    return fail(ErrorCode::kUnsupported,
                "{} packed differences are more than {}. Decode pages with fewer numbers each.",
                group_thousands(count), group_thousands(kMostNumbers));
  }
  return BlockShape{.miniblocks = miniblocks, .per_miniblock = block_size / miniblocks, .count = count};
}

// Of one block, as many miniblocks as there are numbers for.
Result<void> read_block(HeaderReader& reader, const BlockShape& shape, u32 first_byte, u32 most_bits, u64& done,
                        DeltaBlocks& blocks) {
  SHOAL_TRY_SET(const u64 least, reader.signed_number());
  const u64 widths = reader.at();
  if (reader.left() < shape.miniblocks) return reader.broken("the widths of a block are cut off");
  reader.skip(shape.miniblocks);
  for (u64 i = 0; i < shape.miniblocks && done < shape.count; ++i) {
    const u32 bits = reader.byte_at(widths + i);
    if (bits > most_bits) return reader.broken("numbers are wider than their type");
    const u64 numbers = std::min(shape.per_miniblock, shape.count - done);
    if (divide_round_up(numbers * bits, u64{8}) > reader.left()) return reader.broken("a miniblock is cut off");
    const u64 place = bits == 0 ? 0 : first_byte + reader.at();
    if (place >> 32 != 0) {
      return fail(ErrorCode::kUnsupported,
                  "A table of miniblocks counts bytes below 4,294,967,296. Decode in several calls.");
    }
    blocks.runs.push_back({.begin = static_cast<u32>(done), .bits = bits, .word = static_cast<u32>(place)});
    blocks.least.push_back(least);
    // Some writers cut what fills up the last one.
    reader.skip(shape.per_miniblock * bits / 8);
    done += numbers;
  }
  return {};
}

}  // namespace

Result<DeltaBlocks> read_delta_blocks(std::span<const u8> bytes, u32 first_byte, ElementType type) {
  if (type == ElementType::kF32) {
    return fail(ErrorCode::kInvalidArgument, "Packed differences are of integers, not of f32. Give their type.");
  }
  HeaderReader reader(bytes);
  SHOAL_TRY_SET(const BlockShape shape, read_shape(reader));
  SHOAL_TRY_SET(const u64 first, reader.signed_number());
  DeltaBlocks blocks{.count = static_cast<u32>(shape.count)};
  // The first number is the difference from 0.
  blocks.runs.push_back({});
  blocks.least.push_back(first);
  u64 done = 1;
  while (done < shape.count) {
    SHOAL_TRY(read_block(reader, shape, first_byte, is_wide(type) ? 64 : 32, done, blocks));
  }
  blocks.size_bytes = reader.at();
  return blocks;
}

}  // namespace shoal::primitives
