// One query on its way to its answer: which columns it needs, then its kernels, then its results. Nothing here
// waits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/query_answer.h"
#include "gpu/device.h"
#include "query/aggregate_query.h"
#include "table/table.h"

namespace shoal::engine {

class QueryRun {
 public:
  // The answer, once it is there.
  using Outcome = Result<std::optional<QueryAnswer>>;

  // Takes the aggregates ("count, mean(delay)") of the rows that pass the filter (all when it is empty); call when
  // none is running. Answers at once what needs no GPU and no column that is not in. Errors: those of the parsers;
  // columns that cannot be read.
  Outcome begin(const table::Table& table, const std::string& filter, const std::string& aggregates);
  // Goes as far as it can after events. Errors end the run: those of the filter over the columns' values;
  // kUnsupported when a pass reads more columns than a kernel binds; kDevice.
  Outcome advance(gpu::Device& device, const table::Table& table);

  // Ends the run without an answer.
  void stop();

  bool is_running() const { return step_ != Step::kIdle; }
  // Columns that must be in the table for it to go on; none when it does not run.
  const std::vector<size_t>& columns() const { return columns_; }

 private:
  enum class Step : u8 { kIdle, kNeedsColumns, kPlanned, kCompiling, kReading };

  Outcome parse(const table::Table& table, const std::string& filter, const std::string& aggregates);
  Outcome plan(const table::Table& table);
  Outcome go_on(gpu::Device& device, const table::Table& table);
  Outcome ended_unless_running(Outcome outcome);
  QueryAnswer answer(query::AggregateResult result);

  Step step_ = Step::kIdle;
  std::string filter_;
  std::vector<query::Aggregate> aggregates_;
  std::vector<size_t> columns_;
  query::AggregatePlan plan_;
  query::AggregateQuery query_;  // kept from run to run, since its buffers are
  gpu::Ticket ticket_ = 0;
  u64 rows_scanned_ = 0, rows_read_ = 0;
};

}  // namespace shoal::engine
