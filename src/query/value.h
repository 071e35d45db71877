// One SQL value: what an expression evaluates to, and what a result row holds.
#pragma once

#include <string>
#include <string_view>

#include "base/int.h"
#include "table/code_space.h"

namespace shoal::query {

enum class ValueKind : u8 { kNull, kBoolean, kInteger, kDecimal, kFloat32, kFloat64, kDate, kTimestamp, kString };

// `integer` holds booleans (0, 1), integers, decimals (times 10^scale), dates (days since 1970-01-01) and
// timestamps (ticks of `unit` since 1970-01-01T00:00); `real` holds both floats; `text` is a view into a
// dictionary or an expression, whoever holds it must outlive the value.
struct Value {
  ValueKind kind = ValueKind::kNull;
  u8 scale = 0;
  table::TimeUnit unit = table::TimeUnit::kMicro;
  bool is_utc = false;
  i128 integer = 0;
  double real = 0;
  std::string_view text;

  bool is_null() const { return kind == ValueKind::kNull; }
  bool is_true() const { return kind == ValueKind::kBoolean && integer != 0; }
  bool is_false() const { return kind == ValueKind::kBoolean && integer == 0; }
};

Value boolean_value(bool value);
Value integer_value(i128 value);
Value decimal_value(i128 scaled, u8 scale);
Value float32_value(float value);
Value float64_value(double value);
Value date_value(i64 days);
Value timestamp_value(i128 ticks, table::TimeUnit unit, bool is_utc = false);
Value string_value(std::string_view text);

// What a column code stands for. The code lies between the first and the last of the space.
Value value_of_code(const table::CodeSpace& space, u64 code);

// Bare text, for tables and CSV: 2001-01-14T21:55:00, NaN, -Infinity, SFO. Null is the empty text.
std::string to_text(const Value& value);
// The same as a JSON value: dates, timestamps, strings, NaN and infinities are JSON strings, integers of any
// size are digits, floats are the shortest digits that read back as the same float.
std::string to_json_text(const Value& value);
std::string integer_text(i128 value);

}  // namespace shoal::query
