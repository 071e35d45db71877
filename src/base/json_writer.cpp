#include "base/json_writer.h"

#include <cmath>

#include <fmt/format.h>

namespace shoal {
namespace {

// Bytes of the UTF-8 character at the start of `text`; 0 where there is none: cut off, overlong, a surrogate, past
// U+10FFFF.
size_t character_size(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<u8>(text[i]) : u8{0}; };
  const u8 first = byte(0);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  u8 lowest = 0x80, highest = 0xbf;  // of the second byte
  if (first == 0xe0) lowest = 0xa0;
  if (first == 0xed) highest = 0x9f;
  if (first == 0xf0) lowest = 0x90;
  if (first == 0xf4) highest = 0x8f;
  if (first < 0xc2 || first > 0xf4 || byte(1) < lowest || byte(1) > highest) return 0;
  for (size_t i = 2; i < size; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return 0;
  }
  return size;
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const size_t size = character_size(text);
    const char first = text[0];
    if (size == 0) {
      json += "\xef\xbf\xbd";
    } else if (first == '"' || first == '\\') {
      json += {'\\', first};
    } else if (first == '\n' || first == '\r' || first == '\t') {
      json += {'\\', first == '\n' ? 'n' : first == '\r' ? 'r' : 't'};
    } else if (static_cast<u8>(first) < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<u8>(first));
    } else {
      json.append(text.substr(0, size));
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return json + "\"";
}

void JsonWriter::separate() {
  // A string ends with its quote, so these three are the writer's own.
  if (text_.empty() || text_.back() == '{' || text_.back() == '[' || text_.back() == ':') return;
  text_ += ',';
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  text_ += json_text(name);
  text_ += ':';
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  return raw(std::isfinite(number) ? fmt::format("{}", number) : std::string("null"));
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

}  // namespace shoal
