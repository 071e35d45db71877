#include "query/filter.h"

#include "query/filter_compile.h"
#include "query/filter_wgsl.h"
#include "query/parser.h"
#include "query/types_check.h"

namespace shoal::query {

Result<CompiledFilter> compile_filter(std::string_view text, std::span<const Column> columns) {
  SHOAL_TRY_SET(const Expression condition, parse_expression(text));
  SHOAL_TRY_SET(const TypedExpression typed, check_types(condition, columns, text));
  SHOAL_TRY_SET(CompiledFilter filter, compile_condition(typed.root, columns, text));
  std::vector<bool> slot_is_wide;
  for (const size_t column : filter.columns) slot_is_wide.push_back(columns[column].codes.wide);
  filter.wgsl = filter_wgsl(filter.formula, slot_is_wide);
  return filter;
}

CompiledFilter filter_of_all() {
  CompiledFilter filter;
  filter.wgsl = filter_wgsl(filter.formula, {});
  return filter;
}

}  // namespace shoal::query
