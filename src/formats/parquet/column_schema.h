// From the footer's schema to columns: which type each has, or why it can not be read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/parquet/file_metadata.h"
#include "table/chunk_source.h"

namespace shoal::formats::parquet {

// One top-level field of the schema. A nested one has several leaves, which are the file's column chunks.
struct SchemaColumn {
  table::SourceColumn column;  // name, type, raw, unsupported; nullable as declared
  PhysicalType physical = PhysicalType::kInt32;
  bool is_optional = false;
  size_t first_leaf = 0;
  size_t leaves = 1;
};

// Nothing when the schema is not a tree.
std::optional<std::vector<SchemaColumn>> read_schema(const std::vector<SchemaElement>& elements);

}  // namespace shoal::formats::parquet
