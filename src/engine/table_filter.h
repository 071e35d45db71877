// Filters and aggregates are written against names; these are the names of a table.
#pragma once

#include <string>
#include <vector>

#include "query/filter.h"
#include "table/table.h"

namespace shoal::engine {

// Columns as filters and aggregates see them; those that are not in yet have their type alone.
std::vector<query::Column> query_columns(const table::Table& table);

// All rows for the empty text. Errors: those of query::compile_filter; a column that cannot be read.
Result<query::CompiledFilter> compile_filter(const table::Table& table, const std::string& filter);

}  // namespace shoal::engine
