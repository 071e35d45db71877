#include "query/filter_arithmetic.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "query/evaluate.h"
#include "query/value_calendar.h"

namespace shoal::query {
namespace {

using Op = Typed::Op;

struct Interval {
  i128 low = 0;
  i128 high = 0;
};

// A number is value x quantum: decimals count by 10^-scale, dates and timestamps by nanoseconds.
struct Quantum {
  bool is_time = false;
  u8 scale = 0;
  i64 nanoseconds = 1;
};

struct Term {
  Arithmetic arithmetic;
  Interval interval;
  Quantum quantum;
  bool is_constant = false;
  bool fits_32 = true;  // no intermediate result leaves 32 bits
};

bool is_within(const Interval& interval, u32 bits) {
  const i128 most = i128{1} << (bits - 1);  // the ends themselves stay free for clamped constants
  return interval.low > -most && interval.high < most - 1;
}

class Builder {
 public:
  explicit Builder(const ArithmeticContext& context) : context_(context) {}

  Result<Formula> order(const Typed& left, Comparison comparison, const Typed& right) {
    if (left.op == Op::kLiteral) return order(right, mirrored(comparison), left);
    SHOAL_TRY_SET(Term a, build(left));
    Term b;
    if (right.op == Op::kLiteral) {
      b = threshold(right.literal, a, comparison);
    } else {
      SHOAL_TRY_SET(b, build(right));
      SHOAL_TRY(align(a, b, left, right));
    }
    Formula formula;
    formula.kind = Formula::Kind::kIntegerOrder;
    formula.comparison = comparison;
    formula.is_wide = !a.fits_32 || !b.fits_32;
    formula.arithmetic.push_back(std::move(a.arithmetic));
    formula.arithmetic.push_back(std::move(b.arithmetic));
    return formula;
  }

 private:
  std::string source(const Typed& node) const {
    return quote(context_.text.substr(node.span.first, node.span.size));
  }
  std::unexpected<Error> wrong(const Typed& node, ErrorCode code, std::string sentence) const {
    return std::unexpected(error_at(context_.text, node.span, code, std::move(sentence)));
  }

  // Checks that the term stays in 64 bits and notes whether 32 do.
  Result<void> bound(Term& term, const Typed& node) const {
    term.fits_32 = term.fits_32 && is_within(term.interval, 32);
    if (is_within(term.interval, 64)) return {};
    return wrong(
        node, ErrorCode::kUnsupported,
        fmt::format("{} can lie between {} and {} here, but comparisons of several columns are worked out in 64 "
                    "bits. Compare each column with constants, or smaller numbers.",
                    source(node), integer_text(term.interval.low), integer_text(term.interval.high)));
  }

  Term constant(i128 value, Quantum quantum) {
    Term term;
    term.interval = {value, value};
    term.quantum = quantum;
    term.is_constant = true;
    term.arithmetic.op = Arithmetic::Op::kConstant;
    term.arithmetic.word = context_.words.add_number(static_cast<u64>(value));
    return term;
  }

  Result<Term> build(const Typed& node) {
    switch (node.op) {
      case Op::kLiteral: {
        Term term = constant(node.literal.integer, quantum_of(node.type));
        SHOAL_TRY(bound(term, node));
        return term;
      }
      case Op::kColumn: return build_column(node);
      case Op::kNegate: {
        SHOAL_TRY_SET(Term child, build(node.children[0]));
        return join(node, Op::kSubtract, constant(0, child.quantum), std::move(child));
      }
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply: {
        SHOAL_TRY_SET(Term a, build(node.children[0]));
        SHOAL_TRY_SET(Term b, build(node.children[1]));
        if (node.op != Op::kMultiply) SHOAL_TRY(align_scales(a, b, node));
        return join(node, node.op, std::move(a), std::move(b));
      }
      default:
        return wrong(
            node, ErrorCode::kUnsupported,
            fmt::format("{} is not integer arithmetic, and only that is exact across several columns. Compare "
                        "each column with constants.",
                        source(node)));
    }
  }

  static Quantum quantum_of(const SqlType& type) {
    if (type.kind == SqlKind::kDate) return {.is_time = true, .nanoseconds = kNanosecondsPerDay};
    if (type.kind == SqlKind::kTimestamp) return {.is_time = true, .nanoseconds = nanoseconds_per_tick(type.unit)};
    return {.scale = type.kind == SqlKind::kDecimal ? type.scale : u8{0}};
  }

  Result<Term> build_column(const Typed& node) {
    const table::CodeSpace& space = context_.columns[node.column].codes;
    const bool has_values = space.first_code <= space.last_code;
    Term term;
    term.quantum = quantum_of(node.type);
    if (has_values) {
      term.interval = {table::integer_of_code(space, space.first_code),
                       table::integer_of_code(space, space.last_code)};
    }
    SHOAL_TRY(bound(term, node));
    term.arithmetic.op = Arithmetic::Op::kColumn;
    term.arithmetic.slot = context_.slots.of(node.column);
    term.arithmetic.is_scaled = space.divisor != 1;
    term.arithmetic.word = context_.words.add_number(static_cast<u64>(space.base));
    context_.words.add_number(space.divisor);
    return term;
  }

  Result<Term> join(const Typed& node, Op op, Term a, Term b) {
    Term term;
    term.quantum = quantum_of(node.type);
    term.fits_32 = a.fits_32 && b.fits_32;
    if (op == Op::kMultiply) {  // both are within 64 bits: the products are within 128
      const i128 corners[] = {a.interval.low * b.interval.low, a.interval.low * b.interval.high,
                              a.interval.high * b.interval.low, a.interval.high * b.interval.high};
      const auto [low, high] = std::minmax_element(std::begin(corners), std::end(corners));
      term.interval = {*low, *high};
      term.arithmetic.op = Arithmetic::Op::kMultiply;
    } else if (op == Op::kAdd) {
      term.interval = {a.interval.low + b.interval.low, a.interval.high + b.interval.high};
      term.arithmetic.op = Arithmetic::Op::kAdd;
    } else {
      term.interval = {a.interval.low - b.interval.high, a.interval.high - b.interval.low};
      term.arithmetic.op = Arithmetic::Op::kSubtract;
    }
    SqlType type = node.type;
    if (type.kind == SqlKind::kDate) type = {.kind = SqlKind::kInteger, .bits = 32};
    if (type.kind == SqlKind::kInteger && (!fits(type, term.interval.low) || !fits(type, term.interval.high))) {
      return wrong(
          node, ErrorCode::kInvalidArgument,
          fmt::format("{} has type {} and could overflow it: it can lie between {} and {}. Compare the columns "
                      "separately.",
                      source(node), type_name(node.type), integer_text(term.interval.low),
                      integer_text(term.interval.high)));
    }
    SHOAL_TRY(bound(term, node));
    term.arithmetic.operands.push_back(std::move(a.arithmetic));
    term.arithmetic.operands.push_back(std::move(b.arithmetic));
    return term;
  }

  // Multiplies the term by a whole number, so that it counts in a finer quantum.
  Result<void> refine(Term& term, i128 factor, Quantum quantum, const Typed& node) {
    if (factor == 1) {
      term.quantum = quantum;
      return {};
    }
    i128 low = 0;
    i128 high = 0;
    if (__builtin_mul_overflow(term.interval.low, factor, &low) ||
        __builtin_mul_overflow(term.interval.high, factor, &high)) {
      return wrong(
          node, ErrorCode::kUnsupported,
          fmt::format("{} has too many digits for exact arithmetic on several columns. Compare each column with "
                      "constants.",
                      source(node)));
    }
    Term finer;
    finer.interval = {low, high};
    finer.quantum = quantum;
    finer.fits_32 = term.fits_32;
    finer.arithmetic.op = Arithmetic::Op::kMultiply;
    SHOAL_TRY(bound(finer, node));
    finer.arithmetic.operands.push_back(std::move(term.arithmetic));
    finer.arithmetic.operands.push_back(constant(factor, {}).arithmetic);
    term = std::move(finer);
    return {};
  }

  Result<void> align_scales(Term& a, Term& b, const Typed& node) {
    if (a.quantum.is_time || b.quantum.is_time) return {};  // days and a number of days
    const u8 scale = std::max(a.quantum.scale, b.quantum.scale);
    SHOAL_TRY(refine(a, power_of_ten(u32{scale} - a.quantum.scale), {.scale = scale}, node));
    return refine(b, power_of_ten(u32{scale} - b.quantum.scale), {.scale = scale}, node);
  }

  Result<void> align(Term& a, Term& b, const Typed& left, const Typed& right) {
    if (!a.quantum.is_time) return align_scales(a, b, a.quantum.scale < b.quantum.scale ? left : right);
    const i64 finest = std::min(a.quantum.nanoseconds, b.quantum.nanoseconds);
    const Quantum quantum{.is_time = true, .nanoseconds = finest};
    SHOAL_TRY(refine(a, a.quantum.nanoseconds / finest, quantum, left));
    return refine(b, b.quantum.nanoseconds / finest, quantum, right);
  }

  // The constant in the quantum of `term`, so that only the constant changes when it is edited: rounded as the
  // comparison allows, and just outside the term's interval when it is farther out.
  Term threshold(const Value& literal, const Term& term, Comparison& comparison) {
    const bool is_time = term.quantum.is_time;
    i128 literal_quantum = 1;  // of the two, counted in the finer one
    i128 term_quantum = 1;
    if (is_time) {
      literal_quantum = literal.kind == ValueKind::kDate ? kNanosecondsPerDay : nanoseconds_per_tick(literal.unit);
      term_quantum = term.quantum.nanoseconds;
      const i128 finest = std::min(literal_quantum, term_quantum);
      literal_quantum /= finest;
      term_quantum /= finest;
    } else if (literal.scale > term.quantum.scale) {
      term_quantum = power_of_ten(u32{literal.scale} - term.quantum.scale);
    } else {
      literal_quantum = power_of_ten(u32{term.quantum.scale} - literal.scale);
    }
    i128 value = 0;
    if (__builtin_mul_overflow(literal.integer, literal_quantum, &value)) {
      value = literal.integer < 0 ? term.interval.low - 1 : term.interval.high + 1;
    } else {
      const i128 remainder = value % term_quantum;
      const i128 floor = value / term_quantum - (remainder < 0 ? 1 : 0);
      value = floor;
      if (remainder != 0) {
        switch (comparison) {
          case Comparison::kEqual:
          case Comparison::kNotEqual: value = term.interval.low - 1; break;  // nothing is equal to it
          case Comparison::kLess:
          case Comparison::kGreaterEqual: value = floor + 1; break;
          case Comparison::kLessEqual:
          case Comparison::kGreater: break;
        }
      }
    }
    return constant(std::clamp(value, term.interval.low - 1, term.interval.high + 1), term.quantum);
  }

  const ArithmeticContext& context_;
};

}  // namespace

Result<Formula> integer_order(const Typed& left, Comparison comparison, const Typed& right,
                              const ArithmeticContext& context) {
  return Builder(context).order(left, comparison, right);
}

}  // namespace shoal::query
