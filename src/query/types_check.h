// Names to columns, types to nodes: what an expression means for a given table, or why it means nothing.
#pragma once

#include <span>
#include <string_view>

#include "query/types.h"

namespace shoal::query {

// The index of the column that `name` means: the one spelt exactly so, else the only one that differs in case.
// Errors: kNotFound, with the nearest name; kInvalidArgument when several differ in case only.
Result<size_t> find_column(std::string_view name, std::span<const Column> columns);

// The typed tree of a condition; parts without columns are evaluated already. `text` is what was parsed, for
// the caret lines. Errors: unknown columns, types that do not go together (both are named), integer overflow
// among literals, a root that is not boolean.
Result<TypedExpression> check_types(const Expression& condition, std::span<const Column> columns,
                                    std::string_view text);

}  // namespace shoal::query
