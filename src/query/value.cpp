#include "query/value.h"

#include <cmath>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "query/value_calendar.h"

namespace shoal::query {
namespace {

std::string float_text(double value, bool is_single) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return is_single ? fmt::format("{}", static_cast<float>(value)) : fmt::format("{}", value);
}

std::string decimal_text(i128 scaled, u8 scale) {
  std::string digits = integer_text(scaled < 0 ? -scaled : scaled);
  if (scale == 0) return scaled < 0 ? "-" + digits : digits;
  if (digits.size() <= scale) digits.insert(0, scale + 1u - digits.size(), '0');
  digits.insert(digits.size() - scale, 1, '.');
  return scaled < 0 ? "-" + digits : digits;
}

}  // namespace

Value boolean_value(bool value) { return {.kind = ValueKind::kBoolean, .integer = value ? 1 : 0, .text = {}}; }
Value integer_value(i128 value) { return {.kind = ValueKind::kInteger, .integer = value, .text = {}}; }
Value decimal_value(i128 scaled, u8 scale) {
  return {.kind = ValueKind::kDecimal, .scale = scale, .integer = scaled, .text = {}};
}
Value float32_value(float value) {
  return {.kind = ValueKind::kFloat32, .real = static_cast<double>(value), .text = {}};
}
Value float64_value(double value) { return {.kind = ValueKind::kFloat64, .real = value, .text = {}}; }
Value date_value(i64 days) { return {.kind = ValueKind::kDate, .integer = days, .text = {}}; }
Value timestamp_value(i128 ticks, table::TimeUnit unit, bool is_utc) {
  return {.kind = ValueKind::kTimestamp, .unit = unit, .is_utc = is_utc, .integer = ticks, .text = {}};
}
Value string_value(std::string_view text) { return {.kind = ValueKind::kString, .text = text}; }

Value value_of_code(const table::CodeSpace& space, u64 code) {
  switch (space.type.kind) {
    case table::TypeKind::kBoolean: return boolean_value(table::integer_of_code(space, code) != 0);
    case table::TypeKind::kInteger: return integer_value(table::integer_of_code(space, code));
    case table::TypeKind::kFloat: {
      const double value = table::float_of_code(space, code);
      return space.type.bits == 32 ? float32_value(static_cast<float>(value)) : float64_value(value);
    }
    case table::TypeKind::kTimestamp:
      return timestamp_value(table::integer_of_code(space, code), space.type.unit, space.type.is_utc);
    case table::TypeKind::kDate: return date_value(static_cast<i64>(table::integer_of_code(space, code)));
    case table::TypeKind::kString: return string_value((*space.dictionary)[static_cast<u32>(code)]);
    case table::TypeKind::kUnsupported: break;
  }
  return {};
}

std::string integer_text(i128 value) {
  // Digits are taken from the negative side, where the most negative value has a place as well.
  if (value == 0) return "0";
  std::string digits;
  for (i128 rest = value < 0 ? value : -value; rest != 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' - static_cast<int>(rest % 10)));
  }
  return value < 0 ? "-" + digits : digits;
}

std::string to_text(const Value& value) {
  switch (value.kind) {
    case ValueKind::kNull: return "";
    case ValueKind::kBoolean: return value.integer != 0 ? "true" : "false";
    case ValueKind::kInteger: return integer_text(value.integer);
    case ValueKind::kDecimal: return decimal_text(value.integer, value.scale);
    case ValueKind::kFloat32: return float_text(value.real, true);
    case ValueKind::kFloat64: return float_text(value.real, false);
    case ValueKind::kDate: return date_text(static_cast<i64>(value.integer));
    case ValueKind::kTimestamp: return timestamp_text(static_cast<i64>(value.integer), value.unit, value.is_utc);
    case ValueKind::kString: return std::string(value.text);
  }
  return "";
}

std::string to_json_text(const Value& value) {
  switch (value.kind) {
    case ValueKind::kNull: return "null";
    case ValueKind::kBoolean:
    case ValueKind::kInteger:
    case ValueKind::kDecimal: return to_text(value);
    case ValueKind::kFloat32:
    case ValueKind::kFloat64: return std::isfinite(value.real) ? to_text(value) : json_text(to_text(value));
    case ValueKind::kDate:
    case ValueKind::kTimestamp: return json_text(to_text(value));
    case ValueKind::kString: return json_text(value.text);
  }
  return "null";
}

}  // namespace shoal::query
