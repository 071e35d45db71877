// Comparisons between several columns: exact integer arithmetic, with ranges that prove it cannot overflow.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "query/filter_formula.h"
#include "query/filter_slots.h"
#include "query/filter_words.h"
#include "query/types.h"

namespace shoal::query {

struct ArithmeticContext {
  std::span<const Column> columns;
  std::string_view text;  // for the caret lines
  FilterSlots& slots;
  FilterWords& words;
};

// `left comparison right`, both integers, decimals, dates, timestamps or boolean columns, over more than one
// column; for rows where none of them is null. Errors: kUnsupported for what is not integer arithmetic or could
// leave 64 bits, kInvalidArgument for what could overflow its SQL type.
Result<Formula> integer_order(const Typed& left, Comparison comparison, const Typed& right,
                              const ArithmeticContext& context);

}  // namespace shoal::query
