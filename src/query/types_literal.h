// Literals: digits to numbers, and strings to whatever they are compared with.
#pragma once

#include <string_view>

#include "base/result.h"
#include "query/types.h"

namespace shoal::query {

struct TypedValue {
  SqlType type;
  Value value;
};

// A number as DuckDB types it: int32, int64 or int128 for digits alone, decimal with a point, float64 with an
// exponent or more than 38 digits. Errors: kInvalidArgument past int128.
Result<TypedValue> number_literal(std::string_view digits);

// The text of a DATE '...' or TIMESTAMP '...' literal.
Result<TypedValue> date_literal(std::string_view text);
Result<TypedValue> timestamp_literal(std::string_view text);

// A string that is compared with a value of `type`, as a value of that type: '2001-02-03' for a date, '60' for
// an integer. Errors: kInvalidArgument when it does not denote one.
Result<Value> string_literal_as(std::string_view text, const SqlType& type);

}  // namespace shoal::query
