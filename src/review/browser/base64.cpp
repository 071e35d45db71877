#include "review/browser/base64.h"

#include <array>

#include "base/int.h"

namespace shoal::review {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr u8 kNoDigit = 64;
constexpr std::array<u8, 256> kSextets = [] {
  std::array<u8, 256> table{};
  table.fill(kNoDigit);
  for (size_t i = 0; i < kDigits.size(); ++i) table[static_cast<u8>(kDigits[i])] = static_cast<u8>(i);
  return table;
}();

}  // namespace

std::string encode_base64(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t here = bytes.size() - at;
    const auto byte = [&](size_t i) { return i < here ? static_cast<u32>(bytes[at + i]) : 0; };
    const u32 bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (size_t digit = 0; digit < 4; ++digit) {
      text += digit <= here ? kDigits[bits >> (18 - 6 * digit) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  u32 bits = 0, count = 0;
  for (const char digit : text) {
    const u8 sextet = kSextets[static_cast<u8>(digit)];
    if (sextet == kNoDigit) return std::nullopt;
    bits = bits << 6 | sextet;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(static_cast<u8>(bits >> count));
  }
  return bytes;
}

}  // namespace shoal::review
