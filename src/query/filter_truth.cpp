#include "query/filter_truth.h"

#include <algorithm>

#include "base/text.h"
#include "query/evaluate.h"
#include "query/filter_monotone.h"
#include "query/value_calendar.h"

namespace shoal::query {
namespace {

using Op = Typed::Op;

constexpr u64 kMostEvaluations = u64{1} << 27;  // some seconds

CodeSet all_codes(const table::CodeSpace& space) { return CodeSet::range(space.first_code, space.last_code); }

u64 at_most(u64 count) { return std::min(count, TruthSets::kAnyNumber); }

// The integer in the unit of a column of integers, dates or timestamps that `value` is equal to, if there is one.
std::optional<i128> integer_in_column(const Value& value, const table::ColumnType& type) {
  i128 numerator = value.integer;
  i128 denominator = 1;
  if (type.kind == table::TypeKind::kInteger) {
    denominator = power_of_ten(value.scale);
  } else {
    numerator *= value.kind == ValueKind::kDate ? kNanosecondsPerDay : nanoseconds_per_tick(value.unit);
    denominator = type.kind == table::TypeKind::kDate ? kNanosecondsPerDay : nanoseconds_per_tick(type.unit);
  }
  if (numerator % denominator != 0) return std::nullopt;
  return numerator / denominator;
}

class Decider {
 public:
  Decider(const Column& column, std::string_view text)
      : column_(column), space_(column.codes), text_(text), all_(all_codes(column.codes)) {}

  Result<TruthSets> decide(const Typed& node) {
    switch (node.op) {
      case Op::kLiteral: return constant(node.literal);
      case Op::kAnd:
      case Op::kOr: {
        std::vector<TruthSets> parts;
        parts.reserve(node.children.size());
        for (const Typed& child : node.children) {
          SHOAL_TRY_SET(TruthSets part, decide(child));
          parts.push_back(std::move(part));
        }
        return combine(node.op, parts, space_);
      }
      case Op::kNot: {
        SHOAL_TRY_SET(TruthSets sets, decide(node.children[0]));
        std::swap(sets.is_true, sets.is_false);
        std::swap(sets.most_true_ranges, sets.most_false_ranges);
        return sets;
      }
      case Op::kIsTrue:
      case Op::kIsFalse: {
        SHOAL_TRY_SET(const TruthSets sets, decide(node.children[0]));
        if (node.op == Op::kIsTrue) return total(sets.is_true, sets.most_true_ranges);
        return total(sets.is_false, sets.most_false_ranges);
      }
      case Op::kIsNull: {
        if (node.children[0].type.kind != SqlKind::kBoolean) return decide_leaf(node);
        SHOAL_TRY_SET(const TruthSets sets, decide(node.children[0]));
        return total(all_.minus(sets.is_true).minus(sets.is_false),
                     at_most(sets.most_true_ranges + sets.most_false_ranges + 1));
      }
      default: return decide_leaf(node);
    }
  }

 private:
  std::unexpected<Error> wrong(const Typed& node, ErrorCode code, std::string sentence) const {
    return std::unexpected(error_at(text_, node.span, code, std::move(sentence)));
  }
  std::string source(const Typed& node) const { return quote(text_.substr(node.span.first, node.span.size)); }

  TruthSets total(CodeSet is_true, u64 most_ranges) const {
    CodeSet rest = all_.minus(is_true);
    return {std::move(is_true), std::move(rest), most_ranges, at_most(most_ranges + 1)};
  }
  TruthSets constant(const Value& value) const {
    return {value.is_true() ? all_ : CodeSet(), value.is_false() ? all_ : CodeSet(), 1, 1};
  }

  Result<TruthSets> decide_leaf(const Typed& node) {
    if (all_.is_empty()) {
      const auto [most_true, most_false] = range_counts(node);
      return TruthSets{{}, {}, most_true, most_false};
    }
    const Typed* overflow = nullptr;
    SHOAL_TRY_SET(auto decided, decide_monotone(node, overflow));
    if (overflow != nullptr) return overflows(*overflow);
    if (!decided) {
      if (!can_try_all_codes(space_)) return undecidable(node);
      SHOAL_TRY_SET(decided, try_all_codes(node));
    }
    std::tie(decided->most_true_ranges, decided->most_false_ranges) = range_counts(node);
    return std::move(*decided);
  }

  std::unexpected<Error> overflows(const Typed& node) const {
    return wrong(
        node, ErrorCode::kInvalidArgument,
        fmt::format("{} does not fit {} for some values of column {} ({} to {}). Write one of its numbers as a "
                    "float, such as 60e0.",
                    source(node), type_name(node.type), quote(column_.name),
                    to_text(value_of_code(space_, space_.first_code)),
                    to_text(value_of_code(space_, space_.last_code))));
  }
  std::unexpected<Error> undecidable(const Typed& node) const {
    return wrong(
        node, ErrorCode::kUnsupported,
        fmt::format("{} neither only rises nor only falls with column {}, which has more than {} possible "
                    "values: it cannot be decided exactly yet. Write it as comparisons of {} with constants.",
                    source(node), quote(column_.name), group_thousands(kMostTriedCodes), quote(column_.name)));
  }

  // How many ranges the true and the false set can have at most, whatever the constants are.
  std::pair<u64, u64> range_counts(const Typed& node) const {
    constexpr std::pair<u64, u64> kUnbounded = {TruthSets::kAnyNumber, TruthSets::kAnyNumber};
    const bool is_string = space_.type.kind == table::TypeKind::kString;
    const auto is_ordered = [&](const Typed& part) {
      return direction_of(part) != Direction::kUnknown || (is_string && part.op == Op::kColumn);
    };
    if (node.op == Op::kColumn || node.op == Op::kIsNull) return {1, 1};
    for (const Typed& child : node.children) {
      if (!is_ordered(child)) return kUnbounded;
    }
    switch (node.op) {
      case Op::kIn: return {at_most(node.list.size()), at_most(node.list.size() + 1)};
      case Op::kBetween: return is_string ? kUnbounded : std::pair<u64, u64>{1, 2};
      case Op::kDistinct: return {2, 1};
      case Op::kCompare:
        if (node.comparison == Comparison::kEqual) return {1, 2};
        if (node.comparison == Comparison::kNotEqual) return {2, 1};
        return is_string ? kUnbounded : std::pair<u64, u64>{1, 1};
      default: return kUnbounded;
    }
  }

  // By binary search; nothing when the parts of the leaf are not monotone. NaN is tried by itself.
  Result<std::optional<TruthSets>> decide_monotone(const Typed& node, const Typed*& overflow) {
    OrderedCodes codes{&space_, space_.first_code, space_.last_code};
    std::optional<u64> nan;
    if (space_.type.kind == table::TypeKind::kFloat) {
      const u64 nan_code = space_.wide ? table::f64_image(std::numeric_limits<double>::quiet_NaN())
                                       : u64{table::f32_image(std::numeric_limits<float>::quiet_NaN())};
      const u64 infinity_code = space_.wide ? table::f64_image(std::numeric_limits<double>::infinity())
                                            : u64{table::f32_image(std::numeric_limits<float>::infinity())};
      if (codes.last == nan_code) {
        nan = nan_code;
        if (codes.first == nan_code) return try_codes(node, nan_code, nan_code);
        codes.last = infinity_code;
      }
    }
    // Only a literal can make these null, and then for every code.
    for (const Typed& child : node.children) {
      const Value value = value_of_code(space_, codes.first);
      const Typed* ignored = nullptr;
      if (evaluate(child, RowValues(value), ignored).is_null() && ignored == nullptr) {
        return null_operand(node, codes.first);
      }
    }
    std::optional<TruthSets> decided = decide_ordered(node, codes, overflow);
    if (!decided || overflow != nullptr || !nan) return decided;
    SHOAL_TRY_SET(const TruthSets at_nan, try_codes(node, *nan, *nan));
    // No value has a code between infinity and NaN: the ranges on both sides grow together.
    const auto join = [&](CodeSet& set, const CodeSet& nan_set) {
      if (nan_set.is_empty()) return;
      const bool has_infinity = set.contains(codes.last);
      const CodeSet parts[] = {set, CodeSet::range(has_infinity ? codes.last : *nan, *nan)};
      set = CodeSet::unite(parts);
    };
    join(decided->is_true, at_nan.is_true);
    join(decided->is_false, at_nan.is_false);
    return decided;
  }

  // An operand is null for every code: the leaf has one value for all, but where BETWEEN's other bound decides.
  Result<std::optional<TruthSets>> null_operand(const Typed& node, u64 any_code) {
    if (node.op != Op::kBetween) {
      SHOAL_TRY_SET(const TruthSets sets, try_codes(node, any_code, any_code));
      return TruthSets{sets.is_true.is_empty() ? CodeSet() : all_, sets.is_false.is_empty() ? CodeSet() : all_, 1,
                       1};
    }
    std::vector<TruthSets> bounds;
    for (const size_t bound : {size_t{1}, size_t{2}}) {
      Typed compare;
      compare.op = Op::kCompare;
      compare.type = kBooleanType;
      compare.span = node.span;
      compare.comparison = bound == 1 ? Comparison::kGreaterEqual : Comparison::kLessEqual;
      compare.children = {node.children[0], node.children[bound]};
      compare.only_column = node.only_column;
      SHOAL_TRY_SET(TruthSets sets, decide_leaf(compare));
      bounds.push_back(std::move(sets));
    }
    return combine(Op::kAnd, bounds, space_);
  }

  std::optional<TruthSets> decide_ordered(const Typed& node, const OrderedCodes& codes,
                                          const Typed*& overflow) const {
    switch (node.op) {
      case Op::kCompare: return compare(node.children[0], node.comparison, node.children[1], codes, overflow);
      case Op::kDistinct:
        return compare(node.children[0], Comparison::kNotEqual, node.children[1], codes, overflow);
      case Op::kBetween: {
        auto low = compare(node.children[0], Comparison::kGreaterEqual, node.children[1], codes, overflow);
        auto high = compare(node.children[0], Comparison::kLessEqual, node.children[2], codes, overflow);
        if (!low || !high) return std::nullopt;
        return combine(Op::kAnd, {std::move(*low), std::move(*high)}, space_);
      }
      case Op::kIn: return decide_in(node, codes, overflow);
      case Op::kIsNull: return TruthSets{CodeSet(), CodeSet::range(codes.first, codes.last)};
      default: return std::nullopt;
    }
  }

  std::optional<TruthSets> compare(const Typed& left, Comparison comparison, const Typed& right,
                                   const OrderedCodes& codes, const Typed*& overflow) const {
    const auto parts = compare_codes(left, right, codes, overflow);
    if (!parts) return std::nullopt;
    std::vector<CodeSet> is_true;
    std::vector<CodeSet> is_false;
    (holds(comparison, -1) ? is_true : is_false).push_back(parts->less);
    (holds(comparison, 0) ? is_true : is_false).push_back(parts->equal);
    (holds(comparison, 1) ? is_true : is_false).push_back(parts->greater);
    return TruthSets{CodeSet::unite(is_true), CodeSet::unite(is_false)};
  }

  std::optional<TruthSets> decide_in(const Typed& node, const OrderedCodes& codes, const Typed*& overflow) const {
    const Typed& child = node.children[0];
    const table::TypeKind kind = space_.type.kind;
    const bool is_plain_integer =
        child.op == Op::kColumn && (kind == table::TypeKind::kInteger || kind == table::TypeKind::kDate ||
                                    kind == table::TypeKind::kTimestamp);
    std::vector<CodeRange> equal;
    for (const Value& value : node.list) {
      if (is_plain_integer) {  // long lists: no search
        const auto integer = integer_in_column(value, space_.type);
        const auto code = integer ? table::code_of_integer(space_, *integer) : std::nullopt;
        if (code && *code >= codes.first && *code <= codes.last) equal.push_back({*code, *code});
        continue;
      }
      Typed literal;
      literal.literal = value;
      literal.type = child.type;
      const auto parts = compare_codes(child, literal, codes, overflow);
      if (!parts || overflow != nullptr) return std::nullopt;
      equal.insert(equal.end(), parts->equal.ranges().begin(), parts->equal.ranges().end());
    }
    CodeSet is_true = CodeSet::of(std::move(equal));
    CodeSet is_false = node.list_has_null ? CodeSet() : CodeSet::range(codes.first, codes.last).minus(is_true);
    return TruthSets{std::move(is_true), std::move(is_false)};
  }

  Result<TruthSets> try_all_codes(const Typed& node) {
    return try_codes(node, space_.first_code, space_.last_code);
  }

  Result<TruthSets> try_codes(const Typed& node, u64 first, u64 last) {
    const u64 count = last - first + 1;
    evaluations_ += count;
    if (evaluations_ > kMostEvaluations) {
      return wrong(
          node, ErrorCode::kUnsupported,
          fmt::format("The conditions on column {} would have to be tried on its {} distinct values too often. "
                      "Use fewer conditions on it, or IN for many values.",
                      quote(column_.name), group_thousands(space_.last_code - space_.first_code + 1)));
    }
    std::vector<CodeRange> is_true;
    std::vector<CodeRange> is_false;
    const auto add = [](std::vector<CodeRange>& ranges, u64 code) {
      if (!ranges.empty() && ranges.back().last + 1 == code) {
        ranges.back().last = code;
      } else {
        ranges.push_back({code, code});
      }
    };
    const Typed* overflow = nullptr;
    for (u64 i = 0; i < count; ++i) {
      const Value value = value_of_code(space_, first + i);
      const Value truth = evaluate(node, RowValues(value), overflow);
      if (overflow != nullptr) return overflows(*overflow);
      if (truth.is_true()) add(is_true, first + i);
      if (truth.is_false()) add(is_false, first + i);
    }
    return TruthSets{CodeSet::of(std::move(is_true)), CodeSet::of(std::move(is_false))};
  }

  const Column& column_;
  const table::CodeSpace& space_;
  std::string_view text_;
  CodeSet all_;
  u64 evaluations_ = 0;
};

}  // namespace

bool can_try_all_codes(const table::CodeSpace& space) {
  if (space.first_code > space.last_code || space.type.kind == table::TypeKind::kString) return true;
  return space.last_code - space.first_code < kMostTriedCodes;
}

Result<TruthSets> truth_sets(const Typed& condition, const Column& column, std::string_view text) {
  return Decider(column, text).decide(condition);
}

TruthSets combine(Typed::Op op, const std::vector<TruthSets>& parts, const table::CodeSpace& space) {
  const bool is_and = op == Op::kAnd;
  std::vector<CodeSet> met;     // by all
  std::vector<CodeSet> joined;  // by one of them
  u64 most_met = 0;
  u64 most_joined = 0;
  for (const TruthSets& part : parts) {
    met.push_back(is_and ? part.is_true : part.is_false);
    joined.push_back(is_and ? part.is_false : part.is_true);
    // Each further set of r ranges cuts the ranges of an intersection r - 1 times more.
    most_met =
        at_most(most_met + (is_and ? part.most_true_ranges : part.most_false_ranges) - (most_met == 0 ? 0 : 1));
    most_joined = at_most(most_joined + (is_and ? part.most_false_ranges : part.most_true_ranges));
  }
  TruthSets sets{CodeSet::intersect(met, all_codes(space)), CodeSet::unite(joined), most_met, most_joined};
  if (!is_and) {
    std::swap(sets.is_true, sets.is_false);
    std::swap(sets.most_true_ranges, sets.most_false_ranges);
  }
  return sets;
}

}  // namespace shoal::query
