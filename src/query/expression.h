// An expression as it is written: the tree the parser makes of the text, before names and types are known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::query {

// Bytes [first, first + size) of the text of an expression.
struct Span {
  size_t first = 0;
  size_t size = 0;
};
constexpr Span hull(Span a, Span b) { return {a.first, b.first + b.size - a.first}; }

enum class Comparison : u8 { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
std::string_view comparison_text(Comparison comparison);
// a < b is not (a >= b) when neither is null; a < b is b > a.
Comparison negated(Comparison comparison);
Comparison mirrored(Comparison comparison);

struct Expression {
  enum class Kind : u8 {
    kNull,
    kBoolean,    // text: "true" or "false"
    kNumber,     // text: the digits as written, underscores removed, with a minus sign in front when negative
    kString,     // text: what is between the quotes
    kDate,       // text: what is between the quotes of DATE '...'
    kTimestamp,  // the same of TIMESTAMP '...'
    kColumn,     // text: the name; is_quoted when it was written "name"
    kNegate,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kCompare,   // comparison; two children
    kDistinct,  // a IS DISTINCT FROM b
    kAnd,       // two or more children
    kOr,        // two or more children
    kNot,
    kIsNull,
    kIsTrue,
    kIsFalse,
    kBetween,  // value, low, high
    kIn,       // value, then the list
    kLike,     // value; text: the pattern; escape
  };
  Kind kind = Kind::kNull;
  Comparison comparison = Comparison::kEqual;
  bool is_quoted = false;
  std::string escape;  // of LIKE: empty or one character
  u32 depth = 1;       // levels of the tree from here down
  Span span;
  std::string text;
  std::vector<Expression> children;
};

// An error with the text and a caret line under `span`:
//   Column 'dealy' is not in the table. Did you mean 'delay'?
//       dealy > 60
//       ^~~~~
Error error_at(std::string_view text, Span span, ErrorCode code, std::string sentence);

}  // namespace shoal::query
