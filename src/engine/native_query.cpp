// NativeSession's aggregates: plan, load what the plan reads, fold, answer.
#include <algorithm>
#include <chrono>

#include "engine/native_session.h"
#include "query/aggregate_plan.h"
#include "query/aggregate_query.h"

namespace shoal::engine {
namespace {

// Columns as filters and aggregates see them; those that are not in yet have their type alone.
std::vector<query::Column> query_columns(const table::Table& table) {
  std::vector<query::Column> columns;
  for (const table::Column& column : table.columns()) columns.push_back({column.source.name, column.space});
  return columns;
}

Result<query::CompiledFilter> compile(const table::Table& table, const std::string& filter) {
  if (filter.empty()) return query::filter_of_all();
  return query::compile_filter(filter, query_columns(table));
}

}  // namespace

Result<QueryAnswer> NativeSession::query(const std::string& filter, const std::string& aggregates) {
  SHOAL_TRY_SET(std::vector<query::Aggregate> wanted, query::parse_aggregates(aggregates, query_columns(table_)));
  // What is wrong with the filter is said before anything is read.
  SHOAL_TRY_SET(query::CompiledFilter compiled, compile(table_, filter));
  std::vector<size_t> columns = compiled.columns;
  for (const query::Aggregate& aggregate : wanted) {
    if (aggregate.column && std::ranges::count(columns, *aggregate.column) == 0)
      columns.push_back(*aggregate.column);
  }
  for (const size_t column : columns) SHOAL_TRY(table_.find(table_.columns()[column].source.name));
  if (!columns.empty()) {
    SHOAL_TRY(load(columns));
    SHOAL_TRY_SET(compiled, compile(table_, filter));
  }

  QueryAnswer answer;
  for (const query::Aggregate& aggregate : wanted) answer.columns.push_back(aggregate.text);
  query::AggregatePlan plan = query::plan_aggregates(table_, std::move(wanted), std::move(compiled));
  answer.rows_scanned = table_.rows();
  answer.rows_read = plan.read.rows;
  query::AggregateResult result;
  if (plan.measures.empty()) {
    result = query::finish_aggregates(table_, plan, {});
  } else {
    SHOAL_TRY_SET(result, aggregate(std::move(plan)));
  }
  answer.row = std::move(result.row);
  answer.rows_passed = result.rows_passed;
  for (query::Value& value : answer.row) {
    if (value.kind == query::ValueKind::kString) value.text = answer.strings.emplace_back(value.text);
  }
  return answer;
}

Result<query::AggregateResult> NativeSession::aggregate(query::AggregatePlan plan) {
  const auto begin = std::chrono::steady_clock::now();
  gpu::Device& device = gpu_->device();
  SHOAL_TRY(aggregates_.begin(device, table_, std::move(plan)));
  while (!aggregates_.is_ready(device)) SHOAL_TRY(gpu_->pump(true));
  gpu::Frame frame(device, "aggregates");
  SHOAL_TRY(aggregates_.record(frame, table_));
  const gpu::Ticket ticket = frame.read(aggregates_.results());
  frame.submit();
  SHOAL_TRY_SET(const std::vector<std::byte> results, fetch(ticket));
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  stages_.push_back({"aggregate", taken.count()});
  return aggregates_.finish(table_, results);
}

}  // namespace shoal::engine
