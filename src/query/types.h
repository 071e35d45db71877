// The types of expressions, and the tree in which every name is a column and every node has its type.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/expression.h"
#include "query/value.h"
#include "table/code_space.h"

namespace shoal::query {

// A column of the table as filters and aggregates see it.
struct Column {
  std::string name;
  table::CodeSpace codes;
};

enum class SqlKind : u8 { kNull, kBoolean, kInteger, kDecimal, kFloat, kDate, kTimestamp, kString };

struct SqlType {
  SqlKind kind = SqlKind::kNull;
  u8 bits = 64;           // integers: 8 to 128; floats: 32, 64
  bool is_signed = true;  // integers
  u8 scale = 0;           // decimals: digits behind the point
  table::TimeUnit unit = table::TimeUnit::kMicro;
  bool is_utc = false;
};
constexpr SqlType kBooleanType{.kind = SqlKind::kBoolean};

SqlType sql_type(const table::ColumnType& type);
// "int16", "decimal", "float64", "date", "timestamp[us]", "string", "NULL".
std::string type_name(const SqlType& type);
bool is_exact_number(const SqlType& type);  // integer or decimal
bool is_number(const SqlType& type);        // those and floats
// Whether an integer of this type can hold `value`.
bool fits(const SqlType& integer_type, i128 value);
// What DuckDB makes of + - * on two integer types.
SqlType integer_result_type(const SqlType& a, const SqlType& b);

struct Typed {
  enum class Op : u8 {
    kLiteral,
    kColumn,
    kCastFloat,  // an exact number or a float to the float of `type`
    kNegate,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kCompare,
    kDistinct,
    kAnd,
    kOr,
    kNot,
    kIsNull,
    kIsTrue,
    kIsFalse,
    kBetween,  // value, low, high
    kIn,       // one child; `list` are the other operands, sorted, without nulls and duplicates
    kLike,
  };
  static constexpr i64 kNoColumn = -1;
  static constexpr i64 kManyColumns = -2;

  Op op = Op::kLiteral;
  Comparison comparison = Comparison::kEqual;
  bool list_has_null = false;
  SqlType type;
  Span span;
  size_t column = 0;            // kColumn: index into the table's columns
  i64 only_column = kNoColumn;  // the one column the node reads, kNoColumn, or kManyColumns
  Value literal;                // kLiteral
  std::vector<Value> list;      // kIn
  std::string pattern;          // kLike
  std::string escape;           // kLike: empty or one character
  std::vector<Typed> children;
};

// Strings of literals live in `strings`, which never moves its elements.
struct TypedExpression {
  Typed root;
  std::deque<std::string> strings;
};

}  // namespace shoal::query
