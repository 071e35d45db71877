#include "query/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "query/evaluate_like.h"
#include "query/value_calendar.h"

namespace shoal::query {
namespace {

using Op = Typed::Op;

constexpr u32 kMostDecimalDigits = 38;
constexpr auto kPowersOfTen = [] {
  std::array<i128, kMostDecimalDigits + 1> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

template <class T>
int order_of(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

bool is_float(const Value& value) { return value.kind == ValueKind::kFloat32 || value.kind == ValueKind::kFloat64; }

// NaN equals itself and is above every other float.
int compare_floats(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return order_of(std::isnan(a) ? 1 : 0, std::isnan(b) ? 1 : 0);
  return order_of(a, b);
}

// a x 10^-scale_a against b x 10^-scale_b, without loss.
int compare_decimals(i128 a, u8 scale_a, i128 b, u8 scale_b) {
  if (scale_a > scale_b) return -compare_decimals(b, scale_b, a, scale_a);
  i128 aligned = 0;
  if (__builtin_mul_overflow(a, power_of_ten(u32{scale_b} - scale_a), &aligned)) return a < 0 ? -1 : 1;
  return order_of(aligned, b);
}

i128 nanoseconds(const Value& value) {
  const i64 unit_ns = value.kind == ValueKind::kDate ? kNanosecondsPerDay : nanoseconds_per_tick(value.unit);
  return value.integer * unit_ns;
}

bool is_time(const Value& value) { return value.kind == ValueKind::kDate || value.kind == ValueKind::kTimestamp; }

template <class Float>
Float decimal_to_float(i128 scaled, u8 scale) {
  // As DuckDB does it: one division where the digits are exact in the float, else whole part and fraction.
  constexpr i128 kExact = i128{1} << std::numeric_limits<Float>::digits;
  const Float power = static_cast<Float>(power_of_ten(scale));
  if (scale == 0 || (scaled <= kExact && scaled >= -kExact)) return static_cast<Float>(scaled) / power;
  const i128 whole = scaled / power_of_ten(scale);
  const i128 fraction = scaled % power_of_ten(scale);
  return static_cast<Float>(whole) + static_cast<Float>(fraction) / power;
}

// The result in the integer or decimal type of `node`, or an overflow.
Value exact_result(const Typed& node, bool has_overflowed, i128 result, const Typed*& overflow) {
  if (node.type.kind == SqlKind::kDecimal) {
    const i128 most = power_of_ten(kMostDecimalDigits);
    if (!has_overflowed && result < most && result > -most) return decimal_value(result, node.type.scale);
  } else if (!has_overflowed && fits(node.type, result)) {
    return integer_value(result);
  }
  if (overflow == nullptr) overflow = &node;
  return {};
}

Value exact_arithmetic(const Typed& node, const Value& a, const Value& b, const Typed*& overflow) {
  i128 left = a.integer;
  i128 right = b.integer;
  i128 result = 0;
  bool has_overflowed = false;
  if (node.op != Op::kMultiply) {  // a sum aligns the points, a product adds the scales
    has_overflowed = __builtin_mul_overflow(left, power_of_ten(u32{node.type.scale} - a.scale), &left) ||
                     __builtin_mul_overflow(right, power_of_ten(u32{node.type.scale} - b.scale), &right);
  }
  switch (node.op) {
    case Op::kAdd: has_overflowed |= __builtin_add_overflow(left, right, &result); break;
    case Op::kSubtract: has_overflowed |= __builtin_sub_overflow(left, right, &result); break;
    default: has_overflowed |= __builtin_mul_overflow(left, right, &result); break;
  }
  return exact_result(node, has_overflowed, result, overflow);
}

template <class Float>
Float float_arithmetic(Op op, Float a, Float b) {
  switch (op) {
    case Op::kAdd: return a + b;
    case Op::kSubtract: return a - b;
    case Op::kMultiply: return a * b;
    default: return a / b;
  }
}

Value arithmetic(const Typed& node, const RowValues& row, const Typed*& overflow) {
  const Value a = evaluate(node.children[0], row, overflow);
  const Value b = evaluate(node.children[1], row, overflow);
  if (a.is_null() || b.is_null()) return {};
  if (node.type.kind == SqlKind::kFloat) {
    if (node.type.bits == 32) {
      return float32_value(float_arithmetic(node.op, static_cast<float>(a.real), static_cast<float>(b.real)));
    }
    return float64_value(float_arithmetic(node.op, a.real, b.real));
  }
  if (node.type.kind == SqlKind::kDate) {  // a date and a number of days
    const i128 days = node.op == Op::kAdd ? a.integer + b.integer : a.integer - b.integer;
    if (fits({.kind = SqlKind::kInteger, .bits = 32}, days)) return date_value(static_cast<i64>(days));
    if (overflow == nullptr) overflow = &node;
    return {};
  }
  return exact_arithmetic(node, a, b, overflow);
}

Value negate(const Typed& node, const RowValues& row, const Typed*& overflow) {
  const Value value = evaluate(node.children[0], row, overflow);
  if (value.is_null()) return {};
  if (value.kind == ValueKind::kFloat32) return float32_value(-static_cast<float>(value.real));
  if (value.kind == ValueKind::kFloat64) return float64_value(-value.real);
  i128 result = 0;
  const bool has_overflowed = __builtin_sub_overflow(i128{0}, value.integer, &result);
  return exact_result(node, has_overflowed, result, overflow);
}

// AND stops at false, OR at true; a null that is not outvoted makes the whole null.
Value connect(const Typed& node, const RowValues& row, const Typed*& overflow) {
  const bool decisive = node.op == Op::kOr;
  bool has_null = false;
  for (const Typed& child : node.children) {
    const Value value = evaluate(child, row, overflow);
    if (value.is_null()) {
      has_null = true;
    } else if (value.is_true() == decisive) {
      return boolean_value(decisive);
    }
  }
  return has_null ? Value{} : boolean_value(!decisive);
}

Value between(const Typed& node, const RowValues& row, const Typed*& overflow) {
  const Value value = evaluate(node.children[0], row, overflow);
  const Value low = evaluate(node.children[1], row, overflow);
  const Value high = evaluate(node.children[2], row, overflow);
  if (value.is_null()) return {};
  if (!low.is_null() && compare_values(value, low) < 0) return boolean_value(false);
  if (!high.is_null() && compare_values(value, high) > 0) return boolean_value(false);
  return low.is_null() || high.is_null() ? Value{} : boolean_value(true);
}

Value is_in(const Typed& node, const RowValues& row, const Typed*& overflow) {
  const Value value = evaluate(node.children[0], row, overflow);
  if (value.is_null()) return {};
  const auto less = [](const Value& a, const Value& b) { return compare_values(a, b) < 0; };
  if (std::binary_search(node.list.begin(), node.list.end(), value, less)) return boolean_value(true);
  return node.list_has_null ? Value{} : boolean_value(false);
}

}  // namespace

i128 power_of_ten(u32 exponent) { return kPowersOfTen[exponent]; }

int compare_values(const Value& a, const Value& b) {
  if (is_float(a)) return compare_floats(a.real, b.real);
  if (is_time(a)) return order_of(nanoseconds(a), nanoseconds(b));
  if (a.kind == ValueKind::kString) return order_of(a.text, b.text);
  return compare_decimals(a.integer, a.scale, b.integer, b.scale);
}

bool holds(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kEqual: return order == 0;
    case Comparison::kNotEqual: return order != 0;
    case Comparison::kLess: return order < 0;
    case Comparison::kLessEqual: return order <= 0;
    case Comparison::kGreater: return order > 0;
    case Comparison::kGreaterEqual: return order >= 0;
  }
  return false;
}

Value cast_to_float(const Value& value, u8 bits) {
  if (value.is_null()) return {};
  if (is_float(value))
    return bits == 32 ? float32_value(static_cast<float>(value.real)) : float64_value(value.real);
  return bits == 32 ? float32_value(decimal_to_float<float>(value.integer, value.scale))
                    : float64_value(decimal_to_float<double>(value.integer, value.scale));
}

Value evaluate(const Typed& node, const RowValues& row, const Typed*& overflow) {
  switch (node.op) {
    case Op::kLiteral: return node.literal;
    case Op::kColumn: return row[node.column];
    case Op::kCastFloat: return cast_to_float(evaluate(node.children[0], row, overflow), node.type.bits);
    case Op::kNegate: return negate(node, row, overflow);
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide: return arithmetic(node, row, overflow);
    case Op::kCompare:
    case Op::kDistinct: {
      const Value a = evaluate(node.children[0], row, overflow);
      const Value b = evaluate(node.children[1], row, overflow);
      if (node.op == Op::kDistinct) {
        if (a.is_null() || b.is_null()) return boolean_value(a.is_null() != b.is_null());
        return boolean_value(compare_values(a, b) != 0);
      }
      if (a.is_null() || b.is_null()) return {};
      return boolean_value(holds(node.comparison, compare_values(a, b)));
    }
    case Op::kAnd:
    case Op::kOr: return connect(node, row, overflow);
    case Op::kNot: {
      const Value value = evaluate(node.children[0], row, overflow);
      return value.is_null() ? Value{} : boolean_value(value.is_false());
    }
    case Op::kIsNull: {
      // Arithmetic is null where one of its columns is: that holds without its result, which may overflow.
      const Typed* unneeded = nullptr;
      const bool is_condition = node.children[0].type.kind == SqlKind::kBoolean;
      const Value value = evaluate(node.children[0], row, is_condition ? overflow : unneeded);
      return boolean_value(value.is_null() && unneeded == nullptr);
    }
    case Op::kIsTrue: return boolean_value(evaluate(node.children[0], row, overflow).is_true());
    case Op::kIsFalse: return boolean_value(evaluate(node.children[0], row, overflow).is_false());
    case Op::kBetween: return between(node, row, overflow);
    case Op::kIn: return is_in(node, row, overflow);
    case Op::kLike: {
      const Value value = evaluate(node.children[0], row, overflow);
      return value.is_null() ? Value{} : boolean_value(matches_like(value.text, node.pattern, node.escape));
    }
  }
  return {};
}

}  // namespace shoal::query
