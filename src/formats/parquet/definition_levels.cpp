#include "formats/parquet/definition_levels.h"

#include <algorithm>
#include <cstring>

namespace shoal::formats::parquet {
namespace {

constexpr u32 low_bits(u32 count) { return count >= 32 ? ~0u : (1u << count) - 1; }

// 32 bits from bit `first` on; zeros behind the end.
u32 bits_at(std::span<const u8> bytes, u64 first) {
  const size_t at = static_cast<size_t>(first / 8);
  u64 word = 0;
  std::memcpy(&word, bytes.data() + at, std::min<size_t>(8, bytes.size() - at));
  return static_cast<u32>(word >> (first % 8));
}

// Writes the low `count` <= 32 bits of `bits` at bit `first`.
void put_bits(u32* words, u32 first, u32 bits, u32 count) {
  const u32 shift = first % 32;
  words[first / 32] |= bits << shift;
  if (shift + count > 32) words[first / 32 + 1] |= bits >> (32 - shift);
}

}  // namespace

void reverse_bits(std::span<u8> bytes) {
  for (u8& byte : bytes) {
    u32 b = byte;
    b = (b & 0xf0) >> 4 | (b & 0x0f) << 4;
    b = (b & 0xcc) >> 2 | (b & 0x33) << 2;
    b = (b & 0xaa) >> 1 | (b & 0x55) << 1;
    byte = static_cast<u8>(b);
  }
}

void set_bits(u32* words, u32 first, u32 count) {
  while (count > 0) {
    const u32 taken = std::min(count, 32 - first % 32);
    words[first / 32] |= low_bits(taken) << (first % 32);
    first += taken;
    count -= taken;
  }
}

std::optional<u32> DefinitionLevels::read(u32* words, u32 first_bit, u32 rows) {
  u32 valid = 0;
  while (rows > 0) {
    if (runs_.left() == 0 && !runs_.next_run()) return std::nullopt;
    const u32 taken = static_cast<u32>(std::min<u64>(rows, runs_.left()));
    if (runs_.is_repeated()) {
      if (runs_.repeated_value() > 1) return std::nullopt;
      if (runs_.repeated_value() == 1) {
        set_bits(words, first_bit, taken);
        valid += taken;
      }
    } else {
      for (u32 done = 0; done < taken; done += 32) {
        const u32 count = std::min<u32>(32, taken - done);
        const u32 bits = bits_at(runs_.packed_bytes(), runs_.consumed() + done) & low_bits(count);
        put_bits(words, first_bit + done, bits, count);
        valid += static_cast<u32>(std::popcount(bits));
      }
    }
    runs_.consume(taken);
    first_bit += taken;
    rows -= taken;
  }
  return valid;
}

u32 DefinitionLevels::valid_ahead(u32 most) {
  if (runs_.left() == 0 && !runs_.next_run()) return 0;
  if (!runs_.is_repeated() || runs_.repeated_value() != 1) return 0;
  return static_cast<u32>(std::min<u64>(most, runs_.left()));
}

}  // namespace shoal::formats::parquet
