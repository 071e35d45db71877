#include "gpu/print_text.h"

#include <fmt/format.h>

#include "base/int.h"

namespace shoal::gpu {
namespace {

struct Character {
  u32 code_point = 0;
  size_t size_bytes = 0;  // 0: the text does not begin with one
};

// The first character of `text`, which is not empty: no overlong forms, no surrogates (RFC 3629).
Character first_character(std::string_view text) {
  const auto byte = [&](size_t i) { return u32{static_cast<unsigned char>(text[i])}; };
  const u32 lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t size_bytes = lead >> 5 == 0x6 ? 2 : lead >> 4 == 0xe ? 3 : lead >> 3 == 0x1e ? 4 : 0;
  if (size_bytes == 0 || text.size() < size_bytes) return {};
  u32 code_point = lead & (0x7fu >> size_bytes);
  for (size_t i = 1; i < size_bytes; ++i) {
    if (byte(i) >> 6 != 2) return {};
    code_point = code_point << 6 | (byte(i) & 0x3fu);
  }
  constexpr u32 kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code_point >= 0xd800 && code_point < 0xe000;
  if (code_point < kSmallest[size_bytes] || code_point > 0x10ffff || is_surrogate) return {};
  return {code_point, size_bytes};
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto [code_point, size_bytes] = first_character(text);
    if (size_bytes == 0) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
      continue;
    }
    if (code_point == '"' || code_point == '\\') {
      out += '\\';
      out += static_cast<char>(code_point);
    } else if (code_point == '\n') {
      out += "\\n";
    } else if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0)) {
      out += fmt::format("\\u{:04x}", code_point);
    } else {
      out += text.substr(0, size_bytes);
    }
    text.remove_prefix(size_bytes);
  }
  out += '"';
}

}  // namespace shoal::gpu
