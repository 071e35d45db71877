// What --x-range and --y-range say: which part of a column an axis shows.
#pragma once

#include <optional>
#include <string>

#include "plot/scale.h"
#include "table/table.h"

namespace shoal::engine {

// "LOW:HIGH" or "LOW..HIGH", both values of the column, both shown; nothing for the empty text. `option` is for
// messages. Errors: kInvalidArgument for what is no range or runs backwards, kUnsupported for strings and booleans;
// those of Table::find.
Result<std::optional<plot::Domain>> parse_axis_range(const table::Table& table, const std::string& column,
                                                     const std::string& text, std::string_view option);

}  // namespace shoal::engine
