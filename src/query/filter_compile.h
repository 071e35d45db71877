// A typed condition to a two-valued formula: "is true" is pushed through AND, OR and NOT down to sets of codes of
// single columns and to comparisons between columns.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "query/filter.h"

namespace shoal::query {

// Everything of the filter but its text.
Result<CompiledFilter> compile_condition(const Typed& condition, std::span<const Column> columns,
                                         std::string_view text);

}  // namespace shoal::query
