// Which column of which row group of which file, for messages.
#pragma once

#include <string>
#include <string_view>

#include "base/int.h"
#include "base/result.h"

namespace shoal::formats::parquet {

struct ChunkPlace {
  std::string_view file;
  std::string_view column;
  size_t row_group = 0;  // counted from 0, as in the file

  // "Column 'delay' in row group 7 of trips.parquet cannot be read: the page at byte 40,113,664 PROBLEM. REMEDY"
  Error page_error(ErrorCode code, u64 page_offset, std::string_view problem, std::string_view remedy) const;
  Error damaged_page(u64 page_offset, std::string_view problem) const;
  std::string while_reading() const;
};

}  // namespace shoal::formats::parquet
