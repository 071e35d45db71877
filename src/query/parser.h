// Text to tree: SQL's expressions, precedence as in DuckDB.
#pragma once

#include <string_view>

#include "base/result.h"
#include "query/expression.h"

namespace shoal::query {

// Deepest nesting of an expression; every later walk over the tree is recursive and relies on it.
constexpr size_t kDeepestExpression = 64;

// Grammar, loosest first:
//   or:       and {OR and}
//   and:      not {AND not}
//   not:      {NOT} is
//   is:       comparison {IS [NOT] (NULL | UNKNOWN | TRUE | FALSE | DISTINCT FROM range)}
//   comparison: range [(= | == | <> | != | < | <= | > | >=) range]
//   range:    sum {[NOT] (BETWEEN sum AND sum | IN (list) | LIKE 'pattern' [ESCAPE 'c'])}
//   sum:      product {(+ | -) product}
//   product:  sign {(* | /) sign}
//   sign:     {+ | -} atom
//   atom:     literal | DATE '...' | TIMESTAMP '...' | name | "name" | (or)
// Errors: kInvalidArgument with a caret line, saying what was expected.
Result<Expression> parse_expression(std::string_view text);

}  // namespace shoal::query
