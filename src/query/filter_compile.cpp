#include "query/filter_compile.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/heap_sort.h"
#include "base/text.h"
#include "query/evaluate.h"
#include "query/filter_arithmetic.h"
#include "query/filter_membership.h"
#include "query/filter_ranks.h"
#include "query/filter_truth.h"

namespace shoal::query {
namespace {

using Op = Typed::Op;
using Kind = Formula::Kind;

constexpr size_t kMostComparedColumnsInList = 64;  // of IN over arithmetic on several columns

// A formula and what it implies: by slot, full bounds where a slot is missing at the end.
struct Part {
  Formula formula;
  std::vector<CodeBounds> bounds;
  Passes passes = Passes::kSome;
};

CodeBounds bounds_of(const Part& part, size_t slot) {
  return slot < part.bounds.size() ? part.bounds[slot] : CodeBounds{};
}

bool is_empty(const CodeBounds& bounds) { return bounds.first > bounds.last; }

CodeBounds both(const CodeBounds& a, const CodeBounds& b) {
  return {std::max(a.first, b.first), std::min(a.last, b.last), a.null_may_pass && b.null_may_pass};
}

CodeBounds either(const CodeBounds& a, const CodeBounds& b) {
  const bool null_may_pass = a.null_may_pass || b.null_may_pass;
  if (is_empty(a)) return {b.first, b.last, null_may_pass};
  if (is_empty(b)) return {a.first, a.last, null_may_pass};
  return {std::min(a.first, b.first), std::max(a.last, b.last), null_may_pass};
}

Part constant(bool value) {
  Part part;
  part.formula.kind = value ? Kind::kTrue : Kind::kFalse;
  part.passes = value ? Passes::kAll : Passes::kNone;
  return part;
}

Part join(Kind kind, std::vector<Part> parts) {
  if (parts.size() == 1) return std::move(parts[0]);
  const bool is_and = kind == Kind::kAnd;
  const Passes decisive = is_and ? Passes::kNone : Passes::kAll;
  Part whole = constant(is_and);
  whole.formula.kind = kind;
  size_t slots = 0;
  for (const Part& part : parts) slots = std::max(slots, part.bounds.size());
  bool is_first = true;
  for (Part& part : parts) {
    if (part.passes == decisive) {
      whole.passes = decisive;
    } else if (whole.passes != decisive && part.passes == Passes::kSome) {
      whole.passes = Passes::kSome;
    }
    const bool adds_nothing = !is_and && part.passes == Passes::kNone;  // its bounds would widen the union
    for (size_t slot = 0; slot < slots && !adds_nothing; ++slot) {
      if (is_first) {
        whole.bounds.push_back(bounds_of(part, slot));
      } else {
        whole.bounds[slot] = is_and ? both(whole.bounds[slot], bounds_of(part, slot))
                                    : either(whole.bounds[slot], bounds_of(part, slot));
      }
    }
    is_first = is_first && adds_nothing;
    whole.formula.children.push_back(std::move(part.formula));
  }
  return whole;
}

Part negation(Part part) {
  Part whole;
  whole.formula.kind = Kind::kNot;
  whole.formula.children.push_back(std::move(part.formula));
  if (part.passes != Passes::kSome) whole.passes = part.passes == Passes::kAll ? Passes::kNone : Passes::kAll;
  return whole;
}

// The children of nested ANDs (or ORs) as one list.
void flatten(const Typed& node, std::vector<const Typed*>& parts) {
  for (const Typed& child : node.children) {
    if (child.op == node.op) {
      flatten(child, parts);
    } else {
      parts.push_back(&child);
    }
  }
}

void collect_columns(const Typed& node, std::vector<size_t>& columns) {
  if (node.op == Op::kColumn) columns.push_back(node.column);
  for (const Typed& child : node.children) collect_columns(child, columns);
}

// Whether a part that is not a condition is null in every row.
bool is_always_null(const Typed& node) {
  if (node.op == Op::kLiteral) return node.literal.is_null();
  const bool is_arithmetic = node.op >= Op::kCastFloat && node.op <= Op::kDivide;
  return is_arithmetic && std::any_of(node.children.begin(), node.children.end(), is_always_null);
}

class Compiler {
 public:
  Compiler(std::span<const Column> columns, std::string_view text) : columns_(columns), text_(text) {}

  Result<CompiledFilter> compile_root(const Typed& condition) {
    SHOAL_TRY_SET(Part part, compile(condition, true));
    if (slots_.columns().size() > kMostFilterColumns) {
      return fail(ErrorCode::kUnsupported,
                  "The filter reads {} columns, but at most {} can be read at once. Use fewer.",
                  slots_.columns().size(), kMostFilterColumns);
    }
    CompiledFilter filter;
    filter.columns = slots_.columns();
    filter.words = std::move(words_).finish();
    filter.bounds = std::move(part.bounds);
    filter.bounds.resize(filter.columns.size());
    filter.passes = part.passes;
    filter.formula = std::move(part.formula);
    return filter;
  }

 private:
  std::unexpected<Error> unsupported(const Typed& node, std::string_view why) const {
    return std::unexpected(
        error_at(text_, node.span, ErrorCode::kUnsupported,
                 fmt::format("{} {}", quote(text_.substr(node.span.first, node.span.size)), why)));
  }

  // The rows for which the condition is true (`want`), or false.
  Result<Part> compile(const Typed& node, bool want) {
    if (node.only_column == Typed::kNoColumn) {
      return constant(want ? node.literal.is_true() : node.literal.is_false());
    }
    if (node.only_column >= 0) {
      const Typed* const only[] = {&node};
      return compile_set(Op::kAnd, only, want);
    }
    switch (node.op) {
      case Op::kAnd:
      case Op::kOr: return compile_connective(node, want);
      case Op::kNot: return compile(node.children[0], !want);
      case Op::kIsNull: return compile_is_null(node.children[0], want);
      case Op::kIsTrue:
      case Op::kIsFalse: {
        SHOAL_TRY_SET(Part part, compile(node.children[0], node.op == Op::kIsTrue));
        return want ? std::move(part) : negation(std::move(part));
      }
      case Op::kCompare:
        return compile_order(node.children[0], want ? node.comparison : negated(node.comparison), node.children[1]);
      case Op::kDistinct: return compile_distinct(node, want);
      case Op::kBetween: {
        const Comparison low = want ? Comparison::kGreaterEqual : Comparison::kLess;
        const Comparison high = want ? Comparison::kLessEqual : Comparison::kGreater;
        std::vector<Part> parts(2);
        SHOAL_TRY_SET(parts[0], compile_order(node.children[0], low, node.children[1]));
        SHOAL_TRY_SET(parts[1], compile_order(node.children[0], high, node.children[2]));
        return join(want ? Kind::kAnd : Kind::kOr, std::move(parts));
      }
      case Op::kIn: return compile_in(node, want);
      default:
        return unsupported(node, "cannot be decided over several columns. Compare each column with constants.");
    }
  }

  // Conditions over one column each become one set of codes; the others follow one by one.
  Result<Part> compile_connective(const Typed& node, bool want) {
    std::vector<const Typed*> parts;
    flatten(node, parts);
    // By rank, then as written. (std::stable_sort of GCC 12's library does not compile cleanly with clang 19.)
    std::vector<std::pair<i64, size_t>> order;
    for (size_t i = 0; i < parts.size(); ++i) order.emplace_back(rank(*parts[i]), i);
    heap_sort(order);
    std::vector<const Typed*> ordered;
    for (const auto& entry : order) ordered.push_back(parts[entry.second]);
    parts = std::move(ordered);
    std::vector<Part> compiled;
    for (size_t i = 0; i < parts.size();) {
      size_t end = i + 1;
      if (parts[i]->only_column >= 0) {
        while (end < parts.size() && parts[end]->only_column == parts[i]->only_column) ++end;
        SHOAL_TRY_SET(Part part, compile_set(node.op, std::span(parts).subspan(i, end - i), want));
        compiled.push_back(std::move(part));
      } else {
        SHOAL_TRY_SET(Part part, compile(*parts[i], want));
        compiled.push_back(std::move(part));
      }
      i = end;
    }
    return join((node.op == Op::kAnd) == want ? Kind::kAnd : Kind::kOr, std::move(compiled));
  }
  // Sets before comparisons: they cost less.
  static i64 rank(const Typed& node) {
    return node.only_column >= 0 ? node.only_column : std::numeric_limits<i64>::max();
  }

  Result<Part> compile_set(Op op, std::span<const Typed* const> conditions, bool want) {
    const size_t column_index = static_cast<size_t>(conditions[0]->only_column);
    const Column& column = columns_[column_index];
    const table::CodeSpace& space = column.codes;
    std::vector<TruthSets> sets;
    bool null_has_null = false;
    bool null_decides = false;
    for (const Typed* condition : conditions) {
      SHOAL_TRY_SET(TruthSets decided, truth_sets(*condition, column, text_));
      sets.push_back(std::move(decided));
      const Typed* overflow = nullptr;
      const Value at_null = evaluate(*condition, RowValues(Value{}), overflow);
      null_has_null |= at_null.is_null();
      null_decides |= op == Op::kAnd ? at_null.is_false() : at_null.is_true();
    }
    const TruthSets all = sets.size() == 1 ? std::move(sets[0]) : combine(op, sets, space);
    Membership membership;
    membership.passes = want ? all.is_true : all.is_false;
    membership.most_ranges = want ? all.most_true_ranges : all.most_false_ranges;
    membership.most_gaps = want ? all.most_false_ranges : all.most_true_ranges;
    const bool null_is_decisive_value = (op == Op::kOr) == want;
    membership.null_passes = null_is_decisive_value ? null_decides : !null_decides && !null_has_null;
    const u32 slot = slots_.of(column_index);

    Part part;
    part.formula = membership_formula(membership, space, slot, words_);
    part.bounds.resize(slot + 1);
    const auto ranges = membership.passes.ranges();
    part.bounds[slot] = {ranges.empty() ? 1 : ranges.front().first, ranges.empty() ? 0 : ranges.back().last,
                         space.nullable && membership.null_passes};
    if (ranges.empty() && !part.bounds[slot].null_may_pass) {
      part.passes = Passes::kNone;
    } else if (membership.passes == CodeSet::range(space.first_code, space.last_code) &&
               (!space.nullable || membership.null_passes)) {
      part.passes = Passes::kAll;
    }
    return part;
  }

  // Arithmetic is null where one of its columns is, and nowhere else.
  Part none_is_null(std::initializer_list<const Typed*> nodes) {
    std::vector<size_t> columns;
    for (const Typed* node : nodes) {
      if (is_always_null(*node)) return constant(false);
      collect_columns(*node, columns);
    }
    Part part;
    part.formula.kind = Kind::kIsValid;
    for (const size_t column : columns) {
      const u32 slot = slots_.of(column);
      if (slot >= kMostFilterColumns) continue;  // refused at the end
      if (part.bounds.size() <= slot) part.bounds.resize(slot + 1);
      if (!columns_[column].codes.nullable) continue;
      part.formula.mask |= u32{1} << slot;
      part.bounds[slot].null_may_pass = false;
    }
    if (part.formula.mask == 0) part.passes = Passes::kAll;
    return part;
  }

  Result<Part> compile_order(const Typed& left, Comparison comparison, const Typed& right) {
    if (is_always_null(left) || is_always_null(right)) return constant(false);
    const i64 column = left.only_column == Typed::kNoColumn ? right.only_column : left.only_column;
    const bool is_single = column >= 0 && (right.only_column == column || right.only_column == Typed::kNoColumn);
    if (is_single) {  // one side of a BETWEEN whose other side has another column
      Typed compare;
      compare.op = Op::kCompare;
      compare.comparison = comparison;
      compare.type = kBooleanType;
      compare.span = hull(left.span, right.span);
      compare.only_column = column;
      compare.children = {left, right};
      return compile(compare, true);
    }
    std::vector<Part> parts;
    parts.push_back(none_is_null({&left, &right}));
    Part order;
    if (left.type.kind == SqlKind::kFloat) {
      SHOAL_TRY_SET(order.formula, float_order(left, comparison, right));
    } else if (left.type.kind == SqlKind::kString) {
      order.formula = string_order(left, comparison, right);
    } else {
      SHOAL_TRY_SET(order.formula, integer_order(left, comparison, right, {columns_, text_, slots_, words_}));
    }
    if (parts[0].formula.mask == 0) return order;
    parts.push_back(std::move(order));
    return join(Kind::kAnd, std::move(parts));
  }

  Result<Formula> float_order(const Typed& left, Comparison comparison, const Typed& right) {
    Formula formula;
    formula.kind = Kind::kFloatOrder;
    formula.comparison = comparison;
    for (const Typed* side : {&left, &right}) {
      const Typed* inner = side->op == Op::kCastFloat ? &side->children[0] : side;
      if (inner->op != Op::kColumn || inner->type.kind != SqlKind::kFloat) {
        return unsupported(
            *side,
            "is float arithmetic in a comparison of several columns, which is not exact on every GPU. "
            "Compare float columns directly, or each column with constants.");
      }
      formula.floats.push_back({.slot = slots_.of(inner->column)});
      formula.is_wide |= columns_[inner->column].codes.wide;
    }
    for (const auto& [operand, side] : {std::pair(0u, &left), std::pair(1u, &right)}) {
      const Typed& inner = side->op == Op::kCastFloat ? side->children[0] : *side;
      formula.floats[operand].widen = formula.is_wide && !columns_[inner.column].codes.wide;
    }
    return formula;
  }

  Formula string_order(const Typed& left, Comparison comparison, const Typed& right) {
    const table::CodeSpace& a = columns_[left.column].codes;
    const table::CodeSpace& b = columns_[right.column].codes;
    auto [ranks_a, ranks_b] = common_ranks(a, b);
    Formula formula;
    formula.kind = Kind::kStringOrder;
    formula.comparison = comparison;
    formula.slot = slots_.of(left.column);
    formula.other_slot = slots_.of(right.column);
    const u32 fixed[] = {0, static_cast<u32>(ranks_a.size()), low_word(a.first_code), 0,
                         0, static_cast<u32>(ranks_b.size()), low_word(b.first_code), 0};
    formula.word = words_.add(fixed);
    words_.add_table(formula.word, std::move(ranks_a));
    words_.add_table(formula.word + 4, std::move(ranks_b));
    return formula;
  }

  Result<Part> compile_is_null(const Typed& child, bool want) {
    if (child.type.kind == SqlKind::kBoolean && child.op != Op::kColumn) {
      std::vector<Part> known(2);
      SHOAL_TRY_SET(known[0], compile(child, true));
      SHOAL_TRY_SET(known[1], compile(child, false));
      Part is_known = join(Kind::kOr, std::move(known));
      return want ? negation(std::move(is_known)) : std::move(is_known);
    }
    Part valid = none_is_null({&child});
    return want ? negation(std::move(valid)) : std::move(valid);
  }

  Result<Part> compile_distinct(const Typed& node, bool want) {
    const Typed& a = node.children[0];
    const Typed& b = node.children[1];
    std::vector<Part> cases;
    SHOAL_TRY_SET(Part differ, compile_order(a, Comparison::kNotEqual, b));
    cases.push_back(std::move(differ));
    for (const auto& [null_side, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
      std::vector<Part> one_null;
      one_null.push_back(negation(none_is_null({null_side})));
      one_null.push_back(none_is_null({other}));
      cases.push_back(join(Kind::kAnd, std::move(one_null)));
    }
    Part distinct = join(Kind::kOr, std::move(cases));
    return want ? std::move(distinct) : negation(std::move(distinct));
  }

  Result<Part> compile_in(const Typed& node, bool want) {
    if (node.list.size() > kMostComparedColumnsInList) {
      return unsupported(node,
                         fmt::format("compares arithmetic on several columns with more than {} values. Use fewer.",
                                     kMostComparedColumnsInList));
    }
    if (!want && node.list_has_null) return constant(false);
    std::vector<Part> parts;
    for (const Value& value : node.list) {
      Typed literal;
      literal.literal = value;
      literal.type = node.children[0].type;
      if (value.kind == ValueKind::kDecimal) literal.type = {.kind = SqlKind::kDecimal, .scale = value.scale};
      literal.span = node.span;
      SHOAL_TRY_SET(Part part,
                    compile_order(node.children[0], want ? Comparison::kEqual : Comparison::kNotEqual, literal));
      parts.push_back(std::move(part));
    }
    if (parts.empty()) return constant(false);
    return join(want ? Kind::kOr : Kind::kAnd, std::move(parts));
  }

  std::span<const Column> columns_;
  std::string_view text_;
  FilterSlots slots_;
  FilterWords words_;
};

}  // namespace

Result<CompiledFilter> compile_condition(const Typed& condition, std::span<const Column> columns,
                                         std::string_view text) {
  return Compiler(columns, text).compile_root(condition);
}

}  // namespace shoal::query
