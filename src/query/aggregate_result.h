// From what the kernels folded to SQL's values.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "primitives/float_sum/float_sum_layout.gen.h"
#include "primitives/reduce/reduce_state_layout.gen.h"
#include "query/aggregate_plan.h"
#include "query/value.h"

namespace shoal::query {

struct MeasureResult {
  primitives::ReduceState reduced;
  primitives::FloatSumState summed;
  std::optional<std::pair<u32, u32>> extremes;  // codes of the first and last string in the order of text
};

struct AggregateResult {
  std::vector<Value> row;  // texts are views into the table's dictionaries
  u64 rows_passed = 0;
};

// The extremes of a set of codes, a bit each.
std::optional<std::pair<u32, u32>> string_extremes(std::span<const u32> used, const table::Dictionary& dictionary);

// `results`: one for each measure of the plan. Sums of integers are exact and so are those of floats, rounded once;
// so are means. Over no values all but counts are NULL. NaN is above every number, as in DuckDB.
AggregateResult finish_aggregates(const table::Table& table, const AggregatePlan& plan,
                                  std::span<const MeasureResult> results);

}  // namespace shoal::query
