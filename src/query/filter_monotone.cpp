#include "query/filter_monotone.h"

#include <cmath>

#include "query/evaluate.h"

namespace shoal::query {
namespace {

using Op = Typed::Op;

Direction flipped(Direction direction) {
  if (direction == Direction::kRising) return Direction::kFalling;
  if (direction == Direction::kFalling) return Direction::kRising;
  return direction;
}

Direction sum(Direction a, Direction b) {
  if (a == Direction::kConstant) return b;
  if (b == Direction::kConstant || a == b) return a;
  return Direction::kUnknown;
}

bool is_finite(const Typed& literal) {
  return literal.type.kind != SqlKind::kFloat || literal.literal.is_null() || std::isfinite(literal.literal.real);
}

int sign_of(const Value& value) {
  if (value.kind == ValueKind::kFloat32 || value.kind == ValueKind::kFloat64) {
    return value.real > 0 ? 1 : (value.real < 0 ? -1 : 0);
  }
  return value.integer > 0 ? 1 : (value.integer < 0 ? -1 : 0);
}

Direction scaled(Direction direction, const Typed& factor) {
  if (factor.literal.is_null()) return Direction::kConstant;
  const int sign = sign_of(factor.literal);
  // Zero times an infinity, or divided by zero, is NaN among the ordered codes.
  if (sign == 0) return factor.type.kind == SqlKind::kFloat ? Direction::kUnknown : Direction::kConstant;
  return sign < 0 ? flipped(direction) : direction;
}

Direction direction_of_arithmetic(const Typed& node) {
  const Typed& a = node.children[0];
  const Typed& b = node.children[1];
  const bool a_constant = a.op == Op::kLiteral;
  const bool b_constant = b.op == Op::kLiteral;
  if ((a_constant && !is_finite(a)) || (b_constant && !is_finite(b))) return Direction::kUnknown;
  switch (node.op) {
    case Op::kAdd:
    case Op::kSubtract:
      // Two floats that vary could become infinity - infinity.
      if (node.type.kind == SqlKind::kFloat && !a_constant && !b_constant) return Direction::kUnknown;
      return sum(direction_of(a), node.op == Op::kAdd ? direction_of(b) : flipped(direction_of(b)));
    case Op::kMultiply:
      if (b_constant) return scaled(direction_of(a), b);
      if (a_constant) return scaled(direction_of(b), a);
      return Direction::kUnknown;
    default: return b_constant ? scaled(direction_of(a), b) : Direction::kUnknown;
  }
}

// The first code in [first, last] at which `is_past` holds; it holds at all codes behind. Nothing: at none.
template <class Predicate>
std::optional<u64> partition_point(u64 first, u64 last, const Predicate& is_past) {
  if (!is_past(last)) return std::nullopt;
  while (first < last) {
    const u64 middle = first + (last - first) / 2;
    if (is_past(middle)) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return last;
}

}  // namespace

Direction direction_of(const Typed& node) {
  switch (node.op) {
    case Op::kLiteral: return Direction::kConstant;
    case Op::kColumn: return node.type.kind == SqlKind::kString ? Direction::kUnknown : Direction::kRising;
    case Op::kCastFloat: return direction_of(node.children[0]);
    case Op::kNegate: return flipped(direction_of(node.children[0]));
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide: return direction_of_arithmetic(node);
    default: return Direction::kUnknown;
  }
}

std::optional<Trichotomy> compare_codes(const Typed& left, const Typed& right, const OrderedCodes& codes,
                                        const Typed*& overflow) {
  const Direction direction = sum(direction_of(left), flipped(direction_of(right)));
  if (direction == Direction::kUnknown) return std::nullopt;
  const bool falls = direction == Direction::kFalling;
  // The order of left and right at a code, with its sign turned so that it rises.
  const auto rising_order = [&](u64 code) {
    const Value value = value_of_code(*codes.space, code);
    const RowValues row(value);
    const Value a = evaluate(left, row, overflow);
    const Value b = evaluate(right, row, overflow);
    if (overflow != nullptr) return 0;
    const int order = compare_values(a, b);
    return falls ? -order : order;
  };
  // Every part of the two is monotone, so what does not overflow at the ends does not overflow between.
  rising_order(codes.first);
  if (overflow == nullptr) rising_order(codes.last);
  if (overflow != nullptr) return Trichotomy{};

  const auto first_equal =
      partition_point(codes.first, codes.last, [&](u64 code) { return rising_order(code) >= 0; });
  const auto first_above =
      partition_point(codes.first, codes.last, [&](u64 code) { return rising_order(code) > 0; });
  const auto before = [&](std::optional<u64> end, u64 begin) {
    if (!end) return CodeSet::range(begin, codes.last);
    return *end == begin ? CodeSet() : CodeSet::range(begin, *end - 1);
  };
  Trichotomy result;
  result.less = before(first_equal, codes.first);
  if (first_equal) result.equal = before(first_above, *first_equal);
  if (first_above) result.greater = CodeSet::range(*first_above, codes.last);
  if (falls) std::swap(result.less, result.greater);
  return result;
}

}  // namespace shoal::query
