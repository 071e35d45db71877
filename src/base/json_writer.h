// Writes JSON as it comes, without a tree in between: what the program prints and what the page is told.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "base/int.h"

namespace shoal {

// A JSON string. Bytes that are not UTF-8 become U+FFFD.
std::string json_text(std::string_view text);

// Commas are its business; that objects and arrays are closed and members have keys is the caller's.
class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);
  // Infinite numbers and NaN, which JSON has not, are null.
  JsonWriter& value(double number);
  JsonWriter& value(std::string_view text) { return raw(json_text(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::same_as<bool> auto is_so) { return raw(is_so ? "true" : "false"); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& value(T number) {
    return raw(std::to_string(number));
  }
  // What is JSON already.
  JsonWriter& raw(std::string_view json);

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  const std::string& text() const& { return text_; }
  std::string text() && { return std::move(text_); }

 private:
  void separate();
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);

  std::string text_;
};

}  // namespace shoal
