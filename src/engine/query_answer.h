// What a query without groups answers: one row of aggregates, and how many rows it took.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "query/value.h"

namespace shoal::engine {

// It moves and is not copied: texts of `row` point into `strings`, which never moves its elements.
struct QueryAnswer {
  QueryAnswer() = default;
  QueryAnswer(QueryAnswer&&) = default;
  QueryAnswer& operator=(QueryAnswer&&) = default;
  QueryAnswer(const QueryAnswer&) = delete;
  QueryAnswer& operator=(const QueryAnswer&) = delete;

  std::vector<std::string> columns;  // the aggregates as they were written
  std::vector<query::Value> row;
  std::deque<std::string> strings;
  u64 rows_scanned = 0;  // considered: all of the table
  u64 rows_read = 0;     // of those, in blocks that the zone maps did not rule out
  u64 rows_passed = 0;   // of those, pass the filter
};

// Members of an object that was begun: columns, rows, rows_scanned, rows_read, rows_passed.
void write_answer(JsonWriter& json, const QueryAnswer& answer);
// The same of what went wrong instead: error, an object of code and message.
void write_error(JsonWriter& json, const Error& error);

}  // namespace shoal::engine
