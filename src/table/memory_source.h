// A ChunkSource over values in memory: for tests, and for embedders whose rows are not in a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "table/chunk_source.h"

namespace shoal::table {

struct MemoryColumn {
  std::string name;
  ColumnType type;
  RawFormat raw = RawFormat::kI64;
  std::vector<std::byte> values;     // rows x raw_size_bytes
  std::vector<bool> is_null;         // empty: none is
  std::vector<std::string> strings;  // string columns: one a row, instead of values
};

class MemorySource : public ChunkSource {
 public:
  // Every column has `rows` rows, dealt out in row groups of `rows_per_group`.
  MemorySource(std::vector<MemoryColumn> columns, u64 rows, u64 rows_per_group);

  std::span<const SourceColumn> columns() const override { return described_; }
  std::span<const RowGroup> row_groups() const override { return row_groups_; }
  u64 rows() const override { return rows_; }
  ByteRange stored_range(size_t, size_t) const override { return {}; }
  Result<std::unique_ptr<ColumnDecoder>> decode(size_t row_group, size_t column,
                                                Dictionary* dictionary) const override;

 private:
  std::vector<MemoryColumn> columns_;
  std::vector<SourceColumn> described_;
  std::vector<RowGroup> row_groups_;
  u64 rows_;
};

}  // namespace shoal::table
