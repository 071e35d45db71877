// JSON that was read, as a tree: what the page says to the core. Small, since the page downloads it.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/int.h"

namespace shoal {

class JsonValue {
 public:
  enum class Kind : u8 { kNull, kBoolean, kNumber, kText, kArray, kObject };

  // Nothing for what is not one JSON value, or is nested deeper than 64 levels.
  static std::optional<JsonValue> parse(std::string_view text);

  Kind kind() const { return kind_; }
  // Of another kind: none, 0, the empty text.
  bool is_true() const { return kind_ == Kind::kBoolean && number_ != 0; }
  double number() const { return kind_ == Kind::kNumber ? number_ : 0; }
  const std::string& text() const { return text_; }
  const std::vector<JsonValue>& items() const { return items_; }

  // A member of an object (the first of that name); null where there is none.
  bool has(std::string_view name) const { return find(name) != nullptr; }
  const JsonValue& operator[](std::string_view name) const;
  // The member's value where it is of that kind. A whole number is brought into T's range.
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  double number(std::string_view name, double otherwise) const;
  template <std::unsigned_integral T>
  T whole(std::string_view name, T otherwise) const {
    const double found = number(name, -1);
    if (!(found >= 0)) return otherwise;
    constexpr T kMost = static_cast<T>(-1);
    return found >= static_cast<double>(kMost) ? kMost : static_cast<T>(found);
  }

 private:
  friend class JsonParser;
  const JsonValue* find(std::string_view name) const;

  Kind kind_ = Kind::kNull;
  double number_ = 0;
  std::string text_;
  std::vector<JsonValue> items_;
  std::vector<std::string> names_;  // of an object's items
};

}  // namespace shoal
