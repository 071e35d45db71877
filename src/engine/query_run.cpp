#include "engine/query_run.h"

#include <algorithm>

#include "engine/table_filter.h"
#include "query/aggregate_plan.h"

namespace shoal::engine {

QueryRun::Outcome QueryRun::begin(const table::Table& table, const std::string& filter,
                                  const std::string& aggregates) {
  return ended_unless_running(parse(table, filter, aggregates));
}

QueryRun::Outcome QueryRun::advance(gpu::Device& device, const table::Table& table) {
  if (!is_running()) return std::nullopt;
  return ended_unless_running(go_on(device, table));
}

QueryRun::Outcome QueryRun::ended_unless_running(Outcome outcome) {
  if (!outcome || *outcome) stop();
  return outcome;
}

void QueryRun::stop() {
  step_ = Step::kIdle;
  columns_.clear();
}

QueryRun::Outcome QueryRun::parse(const table::Table& table, const std::string& filter,
                                  const std::string& aggregates) {
  SHOAL_TRY_SET(aggregates_, query::parse_aggregates(aggregates, query_columns(table)));
  // What is wrong with the filter is said before anything is read.
  SHOAL_TRY_SET(const query::CompiledFilter compiled, compile_filter(table, filter));
  filter_ = filter;
  columns_ = compiled.columns;
  for (const query::Aggregate& aggregate : aggregates_) {
    if (!aggregate.column || std::ranges::count(columns_, *aggregate.column) > 0) continue;
    SHOAL_TRY(table.find(table.columns()[*aggregate.column].source.name));
    columns_.push_back(*aggregate.column);
  }
  step_ = Step::kNeedsColumns;
  return plan(table);
}

QueryRun::Outcome QueryRun::plan(const table::Table& table) {
  for (const size_t column : columns_) {
    if (table.columns()[column].chunks.size() < table.chunks().size()) return std::nullopt;
  }
  SHOAL_TRY_SET(query::CompiledFilter filter, compile_filter(table, filter_));
  plan_ = query::plan_aggregates(table, aggregates_, std::move(filter));
  rows_scanned_ = table.rows();
  rows_read_ = plan_.read.rows;
  step_ = Step::kPlanned;
  if (!plan_.measures.empty()) return std::nullopt;
  return answer(query::finish_aggregates(table, plan_, {}));
}

QueryRun::Outcome QueryRun::go_on(gpu::Device& device, const table::Table& table) {
  if (step_ == Step::kNeedsColumns) {
    SHOAL_TRY_SET(std::optional<QueryAnswer> known, plan(table));
    if (known || step_ == Step::kNeedsColumns) return known;
  }
  if (step_ == Step::kPlanned) {
    SHOAL_TRY(query_.begin(device, table, std::move(plan_)));
    step_ = Step::kCompiling;
  }
  if (step_ == Step::kCompiling) {
    if (!query_.is_ready(device)) return std::nullopt;
    gpu::Frame frame(device, "aggregates");
    SHOAL_TRY(query_.record(frame, table));
    ticket_ = frame.read(query_.results());
    frame.submit();
    step_ = Step::kReading;
  }
  if (device.readbacks.has_failed(ticket_)) {
    return fail(ErrorCode::kDevice, "The result of a query did not come back from the adapter.");
  }
  const auto results = device.readbacks.take(ticket_);
  if (!results) return std::nullopt;
  return answer(query_.finish(table, *results));
}

QueryAnswer QueryRun::answer(query::AggregateResult result) {
  QueryAnswer answer;
  for (const query::Aggregate& aggregate : aggregates_) answer.columns.push_back(aggregate.text);
  answer.row = std::move(result.row);
  answer.rows_scanned = rows_scanned_;
  answer.rows_read = rows_read_;
  answer.rows_passed = result.rows_passed;
  for (query::Value& value : answer.row) {
    if (value.kind == query::ValueKind::kString) value.text = answer.strings.emplace_back(value.text);
  }
  return answer;
}

}  // namespace shoal::engine
