#include "query/aggregate_result.h"

#include <algorithm>

#include "primitives/float_sum/exact_sum.h"
#include "primitives/float_sum/float_sum.h"
#include "primitives/reduce/reduce.h"

namespace shoal::query {
namespace {

u32 count_of(const Measure& measure, const MeasureResult& result) {
  return measure.reduce ? result.reduced.count : result.summed.count;
}

u64 count_passed(const table::Table& table, const AggregatePlan& plan, std::span<const MeasureResult> results) {
  if (plan.filter.passes == Passes::kAll) return table.rows();
  for (size_t i = 0; i < results.size(); ++i) {
    const Measure& measure = plan.measures[i];
    const bool meets_null = measure.column && table.columns()[*measure.column].space.nullable;
    if ((measure.reduce || measure.float_sum) && !meets_null) return count_of(measure, results[i]);
  }
  return 0;
}

i128 integer_sum(const table::CodeSpace& space, const primitives::ReduceState& state) {
  return space.base * static_cast<i128>(state.count) +
         static_cast<i128>(space.divisor) * static_cast<i128>(primitives::reduce_sum(state));
}

Value value_of(AggregateFunction function, const table::CodeSpace& space, const MeasureResult& result) {
  const primitives::ReduceState& reduced = result.reduced;
  const bool is_float = space.type.kind == table::TypeKind::kFloat;
  switch (function) {
    case AggregateFunction::kCount: return integer_value(reduced.count);
    case AggregateFunction::kSum:
      if (is_float) return result.summed.count == 0 ? Value{} : float64_value(primitives::float_sum(result.summed));
      return reduced.count == 0 ? Value{} : integer_value(integer_sum(space, reduced));
    case AggregateFunction::kMean:
      if (is_float)
        return result.summed.count == 0 ? Value{} : float64_value(primitives::float_mean(result.summed));
      if (reduced.count == 0) return {};
      return float64_value(
          primitives::rounded_quotient(primitives::exact_sum(integer_sum(space, reduced)), reduced.count));
    case AggregateFunction::kMin:
    case AggregateFunction::kMax: break;
  }
  const bool is_min = function == AggregateFunction::kMin;
  if (space.dictionary != nullptr) {
    if (!result.extremes) return {};
    return value_of_code(space, is_min ? result.extremes->first : result.extremes->second);
  }
  if (reduced.count == 0) return {};
  const auto& words = is_min ? reduced.smallest : reduced.largest;
  return value_of_code(space, join_words(words[0], words[1]));
}

}  // namespace

std::optional<std::pair<u32, u32>> string_extremes(std::span<const u32> used, const table::Dictionary& dictionary) {
  std::optional<std::pair<u32, u32>> extremes;
  for (size_t i = 0; i < used.size(); ++i) {
    for (u32 left = used[i]; left != 0; left &= left - 1) {
      const u32 code = static_cast<u32>(32 * i) + static_cast<u32>(std::countr_zero(left));
      if (!extremes) extremes = {code, code};
      if (dictionary[code] < dictionary[extremes->first]) extremes->first = code;
      if (dictionary[extremes->second] < dictionary[code]) extremes->second = code;
    }
  }
  return extremes;
}

AggregateResult finish_aggregates(const table::Table& table, const AggregatePlan& plan,
                                  std::span<const MeasureResult> results) {
  AggregateResult finished{.row = {}, .rows_passed = count_passed(table, plan, results)};
  for (const Aggregate& aggregate : plan.aggregates) {
    const bool counts_rows = aggregate.function == AggregateFunction::kCount &&
                             (!aggregate.column || !table.columns()[*aggregate.column].space.nullable);
    if (counts_rows) {
      finished.row.push_back(integer_value(static_cast<i128>(finished.rows_passed)));
      continue;
    }
    const auto measure = std::ranges::find(plan.measures, aggregate.column, &Measure::column);
    const size_t index = static_cast<size_t>(measure - plan.measures.begin());
    const table::CodeSpace& space = table.columns()[*aggregate.column].space;
    finished.row.push_back(
        value_of(aggregate.function, space, measure == plan.measures.end() ? MeasureResult{} : results[index]));
  }
  return finished;
}

}  // namespace shoal::query
