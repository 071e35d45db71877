#include "engine/table_filter.h"

namespace shoal::engine {

std::vector<query::Column> query_columns(const table::Table& table) {
  std::vector<query::Column> columns;
  for (const table::Column& column : table.columns()) columns.push_back({column.source.name, column.space});
  return columns;
}

Result<query::CompiledFilter> compile_filter(const table::Table& table, const std::string& filter) {
  if (filter.empty()) return query::filter_of_all();
  SHOAL_TRY_SET(query::CompiledFilter compiled, query::compile_filter(filter, query_columns(table)));
  for (const size_t column : compiled.columns) SHOAL_TRY(table.find(table.columns()[column].source.name));
  return compiled;
}

}  // namespace shoal::engine
