#include "query/aggregate_plan.h"

#include <algorithm>

namespace shoal::query {
namespace {

Measure& measure_of(std::vector<Measure>& measures, std::optional<size_t> column) {
  const auto found = std::ranges::find(measures, column, &Measure::column);
  if (found != measures.end()) return *found;
  return measures.emplace_back(Measure{.column = column});
}

void add(std::vector<Measure>& measures, const Aggregate& aggregate, const table::Column& column) {
  Measure& measure = measure_of(measures, aggregate.column);
  const table::TypeKind kind = column.source.type.kind;
  switch (aggregate.function) {
    case AggregateFunction::kCount: measure.reduce = true; break;
    case AggregateFunction::kSum:
    case AggregateFunction::kMean:
      (kind == table::TypeKind::kFloat ? measure.float_sum : measure.reduce) = true;
      break;
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
      (kind == table::TypeKind::kString ? measure.used_codes : measure.reduce) = true;
      break;
  }
}

}  // namespace

AggregatePlan plan_aggregates(const table::Table& table, std::vector<Aggregate> aggregates, CompiledFilter filter) {
  if (filter.passes == Passes::kAll) filter = filter_of_all();
  AggregatePlan plan{.aggregates = std::move(aggregates), .filter = std::move(filter), .read = {}, .measures = {}};
  plan.read = prune_blocks(table, plan.filter);
  if (plan.read.rows == 0) return plan;
  for (const Aggregate& aggregate : plan.aggregates) {
    if (!aggregate.column) continue;
    const table::Column& column = table.columns()[*aggregate.column];
    // Where nothing is null, the rows that pass are counted.
    if (aggregate.function == AggregateFunction::kCount && !column.space.nullable) continue;
    add(plan.measures, aggregate, column);
  }
  // How many rows pass is told by any measure that counts and meets no null.
  const bool is_known =
      plan.filter.passes == Passes::kAll || std::ranges::any_of(plan.measures, [&](const Measure& measure) {
        return (measure.reduce || measure.float_sum) && !table.columns()[*measure.column].space.nullable;
      });
  if (!is_known) measure_of(plan.measures, std::nullopt).reduce = true;
  return plan;
}

}  // namespace shoal::query
