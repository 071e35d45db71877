// What `info` and the page say of a column.
#pragma once

#include <string>

#include "query/value.h"
#include "table/table.h"

namespace shoal::engine {

struct ColumnSummary {
  std::string type;
  std::string encoding;  // "u16", "u8, u16", "dictionary u8 (229)", "f32", "none" when it cannot be read
  u64 nulls = 0;
  query::Value min = {}, max = {};  // null when there is no value; of strings by text
  u64 gpu_bytes = 0;
};

// Of the chunks that are in.
ColumnSummary summarize(const table::Column& column);

}  // namespace shoal::engine
