#include "base/json_value.h"

#include <algorithm>
#include <cstdlib>

namespace shoal {
namespace {

constexpr u32 kDeepest = 64;

void append_utf8(std::string& text, u32 code) {
  const auto put = [&](u32 byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xe0 | code >> 12);
    } else {
      put(0xf0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3f));
    }
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

}  // namespace

class JsonParser {
 public:
  explicit JsonParser(std::string_view text) : rest_(text) {}

  std::optional<JsonValue> whole() {
    JsonValue value;
    if (!read(value, 0)) return std::nullopt;
    skip_space();
    if (!rest_.empty()) return std::nullopt;
    return value;
  }

 private:
  using Kind = JsonValue::Kind;

  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n\r"), rest_.size())); }

  bool take(std::string_view token) {
    skip_space();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  bool read(JsonValue& value, u32 depth) {
    if (depth == kDeepest) return false;
    if (take("{")) return read_items(value, Kind::kObject, "}", depth);
    if (take("[")) return read_items(value, Kind::kArray, "]", depth);
    if (take("\"")) {
      value.kind_ = Kind::kText;
      return read_text(value.text_);
    }
    if (take("null")) return true;
    value.kind_ = Kind::kBoolean;
    if (take("false")) return true;
    value.number_ = 1;
    if (take("true")) return true;
    value.kind_ = Kind::kNumber;
    return read_number(value.number_);
  }

  bool read_items(JsonValue& value, Kind kind, std::string_view end, u32 depth) {
    value.kind_ = kind;
    if (take(end)) return true;
    do {
      if (kind == Kind::kObject && !(take("\"") && read_text(value.names_.emplace_back()) && take(":")))
        return false;
      if (!read(value.items_.emplace_back(), depth + 1)) return false;
    } while (take(","));
    return take(end);
  }

  bool read_number(double& number) {
    const size_t size = std::min(rest_.find_first_not_of("+-.0123456789Ee"), rest_.size());
    const std::string digits(rest_.substr(0, size));
    // strtod also reads what JSON does not begin a number with, such as "+1" and ".5".
    const size_t first = digits.starts_with('-') ? 1 : 0;
    if (first == digits.size() || digits[first] < '0' || digits[first] > '9') return false;
    char* end = nullptr;
    number = std::strtod(digits.c_str(), &end);
    rest_.remove_prefix(size);
    return end == digits.c_str() + digits.size();
  }

  std::optional<u32> read_unit() {
    u32 unit = 0;
    for (int i = 0; i < 4; ++i) {
      if (rest_.empty()) return std::nullopt;
      const char c = rest_[0];
      const bool is_digit = c >= '0' && c <= '9';
      const char lower = static_cast<char>(c | 0x20);
      if (!is_digit && (lower < 'a' || lower > 'f')) return std::nullopt;
      unit = unit << 4 | static_cast<u32>(is_digit ? c - '0' : lower - 'a' + 10);
      rest_.remove_prefix(1);
    }
    return unit;
  }

  // Behind the opening quote.
  bool read_text(std::string& text) {
    while (!rest_.empty()) {
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (c != '\\') {
        text += c;
        continue;
      }
      if (rest_.empty()) return false;
      const char escaped = rest_[0];
      rest_.remove_prefix(1);
      constexpr std::string_view kNames = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
      if (const size_t at = kNames.find(escaped); at != std::string_view::npos) {
        text += kMeant[at];
        continue;
      }
      const auto unit = escaped == 'u' ? read_unit() : std::nullopt;
      if (!unit) return false;
      u32 code = *unit;
      const bool is_high = code >= 0xd800 && code < 0xdc00;
      if (is_high && rest_.starts_with("\\u")) {
        rest_.remove_prefix(2);
        const auto low = read_unit();
        if (!low || *low < 0xdc00 || *low > 0xdfff) return false;
        code = 0x10000 + ((code - 0xd800) << 10 | (*low - 0xdc00));
      } else if (code >= 0xd800 && code < 0xe000) {
        code = 0xfffd;  // half a character
      }
      append_utf8(text, code);
    }
    return false;
  }

  std::string_view rest_;
};

std::optional<JsonValue> JsonValue::parse(std::string_view text) { return JsonParser(text).whole(); }

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  return found == names_.end() ? nullptr : &items_[static_cast<size_t>(found - names_.begin())];
}

const JsonValue& JsonValue::operator[](std::string_view name) const {
  static const JsonValue null;
  const JsonValue* found = find(name);
  return found == nullptr ? null : *found;
}

std::string JsonValue::text(std::string_view name, std::string_view otherwise) const {
  const JsonValue& found = (*this)[name];
  return found.kind_ == Kind::kText ? found.text_ : std::string(otherwise);
}

double JsonValue::number(std::string_view name, double otherwise) const {
  const JsonValue& found = (*this)[name];
  return found.kind_ == Kind::kNumber ? found.number_ : otherwise;
}

}  // namespace shoal
