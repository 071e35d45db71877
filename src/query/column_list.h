// 'delay, "air time"': a list of columns.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/types.h"

namespace shoal::query {

// Names with commas between, in double quotes where they are not one word. Indices of the columns. Errors, with a
// caret line: kInvalidArgument for what does not parse, kNotFound for an unknown column.
Result<std::vector<size_t>> parse_columns(std::string_view text, std::span<const Column> columns);

}  // namespace shoal::query
