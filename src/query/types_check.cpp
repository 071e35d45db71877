#include "query/types_check.h"

#include <algorithm>
#include <optional>

#include "base/heap_sort.h"
#include "base/text.h"
#include "query/evaluate.h"
#include "query/types_literal.h"

namespace shoal::query {
namespace {

using Kind = Expression::Kind;
using Op = Typed::Op;

bool is_string_literal(const Typed& node) { return node.op == Op::kLiteral && node.type.kind == SqlKind::kString; }
bool is_null_literal(const Typed& node) { return node.op == Op::kLiteral && node.literal.is_null(); }
bool is_time(const SqlType& type) { return type.kind == SqlKind::kDate || type.kind == SqlKind::kTimestamp; }

// The type in which two operands are compared; nothing when they cannot be.
std::optional<SqlType> comparison_type(const SqlType& a, const SqlType& b) {
  if (a.kind == SqlKind::kNull) return b;
  if (b.kind == SqlKind::kNull) return a;
  if (a.kind == SqlKind::kFloat && b.kind == SqlKind::kFloat) return a.bits >= b.bits ? a : b;
  if (a.kind == SqlKind::kFloat && is_exact_number(b)) return a;
  if (b.kind == SqlKind::kFloat && is_exact_number(a)) return b;
  if (is_exact_number(a) && is_exact_number(b)) {
    if (a.kind == SqlKind::kDecimal) return a;
    if (b.kind == SqlKind::kDecimal) return b;
    return integer_result_type(a, b);
  }
  if (a.kind == SqlKind::kBoolean && b.kind == SqlKind::kInteger) return b;
  if (b.kind == SqlKind::kBoolean && a.kind == SqlKind::kInteger) return a;
  if (is_time(a) && is_time(b)) return a.kind == SqlKind::kTimestamp ? a : b;
  if (a.kind == b.kind) return a;
  return std::nullopt;
}

class Checker {
 public:
  Checker(std::span<const Column> columns, std::string_view text) : columns_(columns), text_(text) {}

  Result<TypedExpression> check(const Expression& condition) {
    SHOAL_TRY_SET(result_.root, check_node(condition));
    SHOAL_TRY(need_boolean(result_.root, "A filter"));
    return std::move(result_);
  }

 private:
  std::unexpected<Error> wrong(Span span, std::string sentence) const {
    return std::unexpected(error_at(text_, span, ErrorCode::kInvalidArgument, std::move(sentence)));
  }
  template <class T>
  Result<T> at(Span span, Result<T> result) const {
    if (result) return result;
    return std::unexpected(error_at(text_, span, result.error().code, std::move(result.error().sentence)));
  }
  std::string source(const Typed& node) const { return quote(text_.substr(node.span.first, node.span.size)); }

  // Sets what follows from the children, and evaluates what reads no column.
  Result<Typed> finish(Typed node) const {
    for (const Typed& child : node.children) {
      if (child.only_column == Typed::kNoColumn) continue;
      if (node.only_column == Typed::kNoColumn) {
        node.only_column = child.only_column;
      } else if (node.only_column != child.only_column) {
        node.only_column = Typed::kManyColumns;
      }
    }
    if (node.only_column != Typed::kNoColumn || node.op == Op::kLiteral) return node;
    const Typed* overflow = nullptr;
    const Value value = evaluate(node, RowValues(std::span<const Value>()), overflow);
    if (overflow != nullptr) {
      return wrong(overflow->span,
                   fmt::format("The result of {} does not fit {}. Write one of its numbers as a float, "
                               "such as 60e0.",
                               source(*overflow), type_name(overflow->type)));
    }
    return literal({node.type, value}, node.span);
  }

  static Typed literal(const TypedValue& value, Span span) {
    Typed node;
    node.type = value.type;
    node.literal = value.value;
    node.span = span;
    return node;
  }
  static Typed make(Op op, const SqlType& type, Span span) {
    Typed node;
    node.op = op;
    node.type = type;
    node.span = span;
    return node;
  }

  Result<void> need_boolean(const Typed& node, std::string_view what) const {
    if (node.type.kind == SqlKind::kBoolean || node.type.kind == SqlKind::kNull) return {};
    return wrong(node.span,
                 fmt::format("{} needs a condition, but {} has type {}. Compare it with something, "
                             "such as {}.",
                             what, source(node), type_name(node.type), is_number(node.type) ? "> 0" : "= '...'"));
  }

  // Brings operands of one comparison to a common type: strings are read, exact numbers become floats.
  Result<void> reconcile(std::span<Typed* const> operands) {
    SqlType common;
    const Typed* typed = nullptr;
    bool has_string_literal = false;
    for (const Typed* operand : operands) {
      if (is_string_literal(*operand)) {
        has_string_literal = true;
        continue;
      }
      const auto merged = comparison_type(common, operand->type);
      if (!merged) return cannot_compare(*typed, *operand);
      if (operand->type.kind != SqlKind::kNull && typed == nullptr) typed = operand;
      common = *merged;
    }
    if (common.kind == SqlKind::kNull && has_string_literal) common.kind = SqlKind::kString;
    for (Typed* operand : operands) {
      if (is_string_literal(*operand)) {
        const std::string_view value = operand->literal.text;
        SHOAL_TRY_SET(operand->literal, at(operand->span, string_literal_as(value, common)));
        operand->type = common;
      } else if (common.kind == SqlKind::kFloat) {
        SHOAL_TRY(to_float(*operand, common));
      }
    }
    return {};
  }
  std::unexpected<Error> cannot_compare(const Typed& a, const Typed& b) const {
    std::string_view remedy = "Compare values of one type.";
    if (a.type.kind == SqlKind::kString || b.type.kind == SqlKind::kString) {
      remedy = "Put the value that is compared with a string in single quotes.";
    } else if (is_time(a.type) || is_time(b.type)) {
      remedy = "Write a date as DATE '2001-02-03' and a time as TIMESTAMP '2001-02-03 04:05:06'.";
    } else if (a.type.kind == SqlKind::kBoolean || b.type.kind == SqlKind::kBoolean) {
      remedy = "Compare a boolean with TRUE or FALSE, or write it alone.";
    }
    return wrong(b.span, fmt::format("{} has type {} and {} has type {}: they cannot be compared. {}", source(a),
                                     type_name(a.type), source(b), type_name(b.type), remedy));
  }
  Result<void> to_float(Typed& node, const SqlType& type) const {
    if (node.type.kind == SqlKind::kFloat && node.type.bits == type.bits) return {};
    Typed cast = make(Op::kCastFloat, type, node.span);
    cast.children.push_back(std::move(node));
    SHOAL_TRY_SET(node, finish(std::move(cast)));
    return {};
  }

  Result<Typed> check_node(const Expression& expression) {
    switch (expression.kind) {
      case Kind::kNull: return literal({SqlType{}, Value{}}, expression.span);
      case Kind::kBoolean:
        return literal({kBooleanType, boolean_value(expression.text == "true")}, expression.span);
      case Kind::kNumber: {
        SHOAL_TRY_SET(const TypedValue value, at(expression.span, number_literal(expression.text)));
        return literal(value, expression.span);
      }
      case Kind::kString:
        result_.strings.push_back(expression.text);
        return literal({{.kind = SqlKind::kString}, string_value(result_.strings.back())}, expression.span);
      case Kind::kDate: {
        SHOAL_TRY_SET(const TypedValue value, at(expression.span, date_literal(expression.text)));
        return literal(value, expression.span);
      }
      case Kind::kTimestamp: {
        SHOAL_TRY_SET(const TypedValue value, at(expression.span, timestamp_literal(expression.text)));
        return literal(value, expression.span);
      }
      case Kind::kColumn: return check_column(expression);
      case Kind::kNegate: return check_negate(expression);
      case Kind::kAdd: return check_arithmetic(expression, Op::kAdd, "+");
      case Kind::kSubtract: return check_arithmetic(expression, Op::kSubtract, "-");
      case Kind::kMultiply: return check_arithmetic(expression, Op::kMultiply, "*");
      case Kind::kDivide: return check_arithmetic(expression, Op::kDivide, "/");
      case Kind::kCompare: return check_comparison(expression, Op::kCompare);
      case Kind::kDistinct: return check_comparison(expression, Op::kDistinct);
      case Kind::kBetween: return check_comparison(expression, Op::kBetween);
      case Kind::kAnd: return check_connective(expression, Op::kAnd, "AND");
      case Kind::kOr: return check_connective(expression, Op::kOr, "OR");
      case Kind::kNot: return check_connective(expression, Op::kNot, "NOT");
      case Kind::kIsTrue: return check_connective(expression, Op::kIsTrue, "IS TRUE");
      case Kind::kIsFalse: return check_connective(expression, Op::kIsFalse, "IS FALSE");
      case Kind::kIsNull: {
        Typed node = make(Op::kIsNull, kBooleanType, expression.span);
        SHOAL_TRY_SET(Typed child, check_node(expression.children[0]));
        node.children.push_back(std::move(child));
        return finish(std::move(node));
      }
      case Kind::kIn: return check_in(expression);
      case Kind::kLike: return check_like(expression);
    }
    return wrong(expression.span, "The expression has a part of an unknown kind.");
  }

  Result<Typed> check_column(const Expression& expression) const {
    SHOAL_TRY_SET(const size_t index, at(expression.span, find_column(expression.text, columns_)));
    const table::CodeSpace& codes = columns_[index].codes;
    if (codes.type.kind == table::TypeKind::kUnsupported) {
      return std::unexpected(
          error_at(text_, expression.span, ErrorCode::kUnsupported,
                   fmt::format("Column {} has a type that filters cannot read. Use another column.",
                               quote(columns_[index].name))));
    }
    Typed node = make(Op::kColumn, sql_type(codes.type), expression.span);
    node.column = index;
    node.only_column = static_cast<i64>(index);
    return node;
  }

  Result<Typed> check_negate(const Expression& expression) {
    SHOAL_TRY_SET(Typed child, check_node(expression.children[0]));
    if (!is_number(child.type) && child.type.kind != SqlKind::kNull) {
      return wrong(child.span,
                   fmt::format("{} has type {} and cannot be negated. Use - on numbers only, NOT on conditions.",
                               source(child), type_name(child.type)));
    }
    Typed node = make(Op::kNegate, child.type, expression.span);
    node.children.push_back(std::move(child));
    return finish(std::move(node));
  }

  // An integer literal takes the type of the other operand when it fits it, as in DuckDB.
  static SqlType integer_type(const Typed& a, const Typed& b) {
    if (a.op == Op::kLiteral && b.op != Op::kLiteral && fits(b.type, a.literal.integer)) return b.type;
    if (b.op == Op::kLiteral && a.op != Op::kLiteral && fits(a.type, b.literal.integer)) return a.type;
    return integer_result_type(a.type, b.type);
  }

  // The type of `a op b`; nothing when there is none.
  static std::optional<SqlType> arithmetic_type(Op op, const Typed& a, const Typed& b) {
    const SqlType day_count{.kind = SqlKind::kInteger, .bits = 32};
    const auto is_day_count = [&](const Typed& node) {
      if (node.type.kind != SqlKind::kInteger) return false;
      if (node.op == Op::kLiteral) return fits(day_count, node.literal.integer);
      return node.type.bits < 32 || (node.type.bits == 32 && node.type.is_signed);
    };
    if (a.type.kind == SqlKind::kDate || b.type.kind == SqlKind::kDate) {
      if (op == Op::kSubtract && a.type.kind == b.type.kind) return SqlType{.kind = SqlKind::kInteger, .bits = 64};
      if ((op == Op::kAdd || op == Op::kSubtract) && a.type.kind == SqlKind::kDate && is_day_count(b))
        return a.type;
      if (op == Op::kAdd && b.type.kind == SqlKind::kDate && is_day_count(a)) return b.type;
      return std::nullopt;
    }
    if (a.type.kind == SqlKind::kNull && (is_number(b.type) || b.type.kind == SqlKind::kNull)) return b.type;
    if (b.type.kind == SqlKind::kNull && is_number(a.type)) return a.type;
    if (!is_number(a.type) || !is_number(b.type)) return std::nullopt;
    if (a.type.kind == SqlKind::kFloat && b.type.kind == SqlKind::kFloat)
      return a.type.bits >= b.type.bits ? a.type : b.type;
    if (a.type.kind == SqlKind::kFloat) return a.type;
    if (b.type.kind == SqlKind::kFloat) return b.type;
    if (op == Op::kDivide) return SqlType{.kind = SqlKind::kFloat, .bits = 64};
    if (a.type.kind == SqlKind::kInteger && b.type.kind == SqlKind::kInteger) return integer_type(a, b);
    const u32 scale = op == Op::kMultiply ? u32{a.type.scale} + b.type.scale : std::max(a.type.scale, b.type.scale);
    if (scale > 38) return std::nullopt;
    return SqlType{.kind = SqlKind::kDecimal, .scale = static_cast<u8>(scale)};
  }

  Result<Typed> check_arithmetic(const Expression& expression, Op op, std::string_view symbol) {
    SHOAL_TRY_SET(Typed a, check_node(expression.children[0]));
    SHOAL_TRY_SET(Typed b, check_node(expression.children[1]));
    const auto type = arithmetic_type(op, a, b);
    if (!type) {
      const std::string_view remedy =
          is_time(a.type) || is_time(b.type) ? "Add or subtract whole days to a date, or subtract two dates."
          : is_string_literal(a) || is_string_literal(b) ? "Write numbers without quotes."
                                                         : "Use numbers on both sides.";
      return wrong(expression.span,
                   fmt::format("{} has type {} and {} has type {}: there is no {} for them. {}", source(a),
                               type_name(a.type), source(b), type_name(b.type), symbol, remedy));
    }
    if (type->kind == SqlKind::kFloat) {
      if (!is_null_literal(a)) SHOAL_TRY(to_float(a, *type));
      if (!is_null_literal(b)) SHOAL_TRY(to_float(b, *type));
    }
    Typed node = make(op, *type, expression.span);
    node.children.push_back(std::move(a));
    node.children.push_back(std::move(b));
    return finish(std::move(node));
  }

  Result<Typed> check_comparison(const Expression& expression, Op op) {
    Typed node = make(op, kBooleanType, expression.span);
    node.comparison = expression.comparison;
    SHOAL_TRY(check_children(expression, node));
    std::vector<Typed*> operands;
    for (Typed& child : node.children) operands.push_back(&child);
    SHOAL_TRY(reconcile(operands));
    return finish(std::move(node));
  }

  Result<void> check_children(const Expression& expression, Typed& node) {
    node.children.reserve(expression.children.size());
    for (const Expression& part : expression.children) {
      SHOAL_TRY_SET(Typed child, check_node(part));
      node.children.push_back(std::move(child));
    }
    return {};
  }

  Result<Typed> check_connective(const Expression& expression, Op op, std::string_view name) {
    Typed node = make(op, kBooleanType, expression.span);
    SHOAL_TRY(check_children(expression, node));
    for (const Typed& child : node.children) SHOAL_TRY(need_boolean(child, name));
    return finish(std::move(node));
  }

  Result<Typed> check_in(const Expression& expression) {
    Typed all = make(Op::kIn, kBooleanType, expression.span);
    SHOAL_TRY(check_children(expression, all));
    std::vector<Typed*> operands;
    for (Typed& child : all.children) operands.push_back(&child);
    SHOAL_TRY(reconcile(operands));
    Typed node = make(Op::kIn, kBooleanType, expression.span);
    node.children.push_back(std::move(all.children[0]));
    for (size_t i = 1; i < all.children.size(); ++i) {
      const Typed& element = all.children[i];
      if (element.op != Op::kLiteral) {
        return std::unexpected(
            error_at(text_, element.span, ErrorCode::kUnsupported,
                     fmt::format("The list of IN holds {}, which is not a constant. Compare with "
                                 "columns by = and join the conditions with OR.",
                                 source(element))));
      }
      if (element.literal.is_null()) {
        node.list_has_null = true;
      } else {
        node.list.push_back(element.literal);
      }
    }
    const auto order = [](const Value& a, const Value& b) { return compare_values(a, b) < 0; };
    const auto same = [](const Value& a, const Value& b) { return compare_values(a, b) == 0; };
    heap_sort(node.list, order);
    node.list.erase(std::unique(node.list.begin(), node.list.end(), same), node.list.end());
    return finish(std::move(node));
  }

  Result<Typed> check_like(const Expression& expression) {
    Typed node = make(Op::kLike, kBooleanType, expression.span);
    SHOAL_TRY(check_children(expression, node));
    const Typed& value = node.children[0];
    if (value.type.kind != SqlKind::kString && value.type.kind != SqlKind::kNull) {
      return wrong(value.span, fmt::format("LIKE compares strings, but {} has type {}. Use =, <, > or BETWEEN.",
                                           source(value), type_name(value.type)));
    }
    node.pattern = expression.text;
    node.escape = expression.escape;
    if (ends_with_escape(node.pattern, node.escape)) {
      return wrong(expression.span,
                   "The pattern of LIKE ends with its escape character. Put a character behind it.");
    }
    return finish(std::move(node));
  }
  static bool ends_with_escape(std::string_view pattern, std::string_view escape) {
    if (escape.empty()) return false;
    bool escaped = false;
    for (const char c : pattern) escaped = !escaped && c == escape[0];
    return escaped;
  }

  std::span<const Column> columns_;
  std::string_view text_;
  TypedExpression result_;
};

bool equal_but_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

Result<size_t> find_column(std::string_view name, std::span<const Column> columns) {
  std::optional<size_t> found;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
    if (!equal_but_case(columns[i].name, name)) continue;
    if (found) {
      return fail(ErrorCode::kInvalidArgument,
                  "The name {} can mean column {} or column {}. Write it in their case.", quote(name),
                  quote(columns[*found].name), quote(columns[i].name));
    }
    found = i;
  }
  if (found) return *found;
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  const std::string near = did_you_mean(name, names);
  if (!near.empty()) return fail(ErrorCode::kNotFound, "Column {} is not in the table.{}", quote(name), near);
  constexpr size_t kMostListed = 12;
  std::string listed;
  for (size_t i = 0; i < std::min(names.size(), kMostListed); ++i) listed += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMostListed) listed += ", ...";
  return fail(ErrorCode::kNotFound, "Column {} is not in the table. Its columns are: {}.", quote(name), listed);
}

Result<TypedExpression> check_types(const Expression& condition, std::span<const Column> columns,
                                    std::string_view text) {
  return Checker(columns, text).check(condition);
}

}  // namespace shoal::query
