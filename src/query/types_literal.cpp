#include "query/types_literal.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "query/evaluate.h"
#include "query/value_calendar.h"

namespace shoal::query {
namespace {

constexpr size_t kMostDecimalDigits = 38;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

// [+-]digits, or nothing when there is something else or it does not fit.
std::optional<i128> whole_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  i128 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const i128 digit = c - '0';
    if (__builtin_mul_overflow(value, i128{10}, &value)) return std::nullopt;
    if (__builtin_sub_overflow(value, digit, &value))
      return std::nullopt;  // downwards: the lowest value has a place
  }
  if (is_negative) return value;
  i128 positive = 0;
  if (__builtin_sub_overflow(i128{0}, value, &positive)) return std::nullopt;
  return positive;
}

// [+-]digits.digits as digits and a scale, at most 38 of them.
std::optional<Value> decimal_number(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) {
    const auto whole = whole_number(text);
    return whole ? std::optional(decimal_value(*whole, 0)) : std::nullopt;
  }
  std::string digits(text.substr(0, point));
  digits += text.substr(point + 1);
  const size_t scale = text.size() - point - 1;
  const size_t count = digits.size() - (digits.starts_with('-') || digits.starts_with('+') ? 1 : 0);
  const auto scaled = whole_number(digits);
  if (!scaled || count > kMostDecimalDigits) return std::nullopt;
  return decimal_value(*scaled, static_cast<u8>(scale));
}

std::optional<double> float_number(std::string_view text, u8 bits) {
  // strtod would read hexadecimal digits as well, and libc++ 19 has no from_chars for floating point.
  if (text.empty() || text.find_first_of("xXpP") != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  char* end = nullptr;
  const double value = bits == 32 ? static_cast<double>(std::strtof(terminated.c_str(), &end))
                                  : std::strtod(terminated.c_str(), &end);
  if (end != terminated.c_str() + terminated.size()) return std::nullopt;
  return value;
}

std::optional<bool> boolean_text(std::string_view text) {
  constexpr std::string_view kTrue[] = {"true", "t", "1", "yes", "y"};
  constexpr std::string_view kFalse[] = {"false", "f", "0", "no", "n"};
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  if (std::find(std::begin(kTrue), std::end(kTrue), lower) != std::end(kTrue)) return true;
  if (std::find(std::begin(kFalse), std::end(kFalse), lower) != std::end(kFalse)) return false;
  return std::nullopt;
}

std::unexpected<Error> not_a(std::string_view text, const SqlType& type, std::string_view remedy) {
  return fail(ErrorCode::kInvalidArgument, "The string {} cannot be read as {} {}. {}", quote(text),
              type.kind == SqlKind::kInteger && type.is_signed ? "an" : "a", type_name(type), remedy);
}

// Ticks of `unit`, rounded half away from zero as DuckDB rounds; ns is cut off beyond microseconds, as there.
Result<Value> timestamp_of(const CalendarTime& time, std::string_view text, const SqlType& type) {
  const i128 offset_ns = type.is_utc ? i128{time.offset_seconds.value_or(0)} * 1'000'000'000 : i128{0};
  i128 nanoseconds = i128{time.days} * kNanosecondsPerDay + time.nanoseconds - offset_ns;
  const i64 tick_ns = nanoseconds_per_tick(type.unit);
  i128 ticks = nanoseconds;
  if (tick_ns > 1) {
    const i128 microseconds = nanoseconds / 1'000 - (nanoseconds % 1'000 < 0 ? 1 : 0);
    const i128 tick_us = tick_ns / 1'000;
    const i128 half = tick_us / 2;
    ticks = (microseconds + (microseconds < 0 ? -half : half)) / tick_us;
  }
  if (!fits({.kind = SqlKind::kInteger, .bits = 64}, ticks)) {
    return not_a(text, type, "It is beyond the range of that type.");
  }
  return timestamp_value(ticks, type.unit, type.is_utc);
}

}  // namespace

Result<TypedValue> number_literal(std::string_view digits) {
  if (digits.find_first_of("eE") == std::string_view::npos) {
    if (digits.find('.') != std::string_view::npos) {
      if (const auto decimal = decimal_number(digits)) {
        return TypedValue{{.kind = SqlKind::kDecimal, .scale = decimal->scale}, *decimal};
      }
    } else if (const auto whole = whole_number(digits)) {
      for (const u8 bits : {u8{32}, u8{64}, u8{128}}) {
        const SqlType type{.kind = SqlKind::kInteger, .bits = bits};
        if (fits(type, *whole)) return TypedValue{type, integer_value(*whole)};
      }
    } else {
      return fail(ErrorCode::kInvalidArgument,
                  "The integer {} is beyond 128 bits. Write it as a float, such as 1e40.", quote(digits));
    }
  }
  const auto value = float_number(digits, 64);
  if (!value)
    return fail(ErrorCode::kInvalidArgument, "{} is not a number. Write it as 60, 1.5 or 1e3.", quote(digits));
  return TypedValue{{.kind = SqlKind::kFloat, .bits = 64}, float64_value(*value)};
}

Result<TypedValue> date_literal(std::string_view text) {
  const SqlType type{.kind = SqlKind::kDate};
  SHOAL_TRY_SET(const Value value, string_literal_as(text, type));
  return TypedValue{type, value};
}

Result<TypedValue> timestamp_literal(std::string_view text) {
  const SqlType type{.kind = SqlKind::kTimestamp, .unit = table::TimeUnit::kMicro};
  SHOAL_TRY_SET(const Value value, string_literal_as(text, type));
  return TypedValue{type, value};
}

Result<Value> string_literal_as(std::string_view text, const SqlType& type) {
  const std::string_view inside = trimmed(text);
  switch (type.kind) {
    case SqlKind::kNull:
    case SqlKind::kString: return string_value(text);
    case SqlKind::kBoolean: {
      const auto value = boolean_text(inside);
      if (!value) return not_a(text, type, "Write TRUE or FALSE.");
      return boolean_value(*value);
    }
    case SqlKind::kInteger: {
      const auto value = whole_number(inside);
      if (!value) return not_a(text, type, "Write the number without quotes.");
      if (!fits(type, *value)) return not_a(text, type, "It does not fit; write the number without quotes.");
      return integer_value(*value);
    }
    case SqlKind::kDecimal: {
      const auto value = decimal_number(inside);
      if (!value) return not_a(text, type, "Write the number without quotes.");
      return *value;
    }
    case SqlKind::kFloat: {
      const auto value = float_number(inside, type.bits);
      if (!value) return not_a(text, type, "Write the number without quotes.");
      return type.bits == 32 ? float32_value(static_cast<float>(*value)) : float64_value(*value);
    }
    case SqlKind::kDate: {
      SHOAL_TRY_SET(const CalendarTime time, parse_calendar_time(text));
      if (!fits({.kind = SqlKind::kInteger, .bits = 32}, time.days)) {
        return not_a(text, type, "It is beyond the range of that type.");
      }
      return date_value(time.days);  // a time of day does not count, as in DuckDB
    }
    case SqlKind::kTimestamp: {
      SHOAL_TRY_SET(const CalendarTime time, parse_calendar_time(text));
      return timestamp_of(time, text, type);
    }
  }
  return Value{};
}

}  // namespace shoal::query
