// 'count, sum(delay), mean(delay)': the list of aggregates of a query.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/types.h"

namespace shoal::query {

enum class AggregateFunction : u8 {
  kCount,  // rows, or those in which `column` is not null
  kSum,
  kMin,
  kMax,
  kMean,
};

struct Aggregate {
  AggregateFunction function = AggregateFunction::kCount;
  std::optional<size_t> column;  // index into the table's columns; only count can do without
  std::string text;              // as written: the heading of its result
};

// count, count(*), count(c), sum(c), min(c), max(c), mean(c) and avg(c), with commas between; names in any case.
// Errors, with a caret line: kInvalidArgument for what does not parse, an unknown function, a column of a type
// that the function does not take; kNotFound for an unknown column.
Result<std::vector<Aggregate>> parse_aggregates(std::string_view text, std::span<const Column> columns);

}  // namespace shoal::query
