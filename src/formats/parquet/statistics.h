// What the footer's statistics promise about a column.
#pragma once

#include <optional>

#include "formats/parquet/file_metadata.h"
#include "table/chunk_source.h"

namespace shoal::formats::parquet {

// The range of one column chunk; nothing where it is not stated, or stated in a way that can not be trusted.
std::optional<table::StatedRange> stated_range(const Statistics& statistics, PhysicalType physical,
                                               const table::ColumnType& type);

// Widens `range` so that it holds `other` too; both of the same kind.
void widen(table::StatedRange& range, const table::StatedRange& other);

}  // namespace shoal::formats::parquet
