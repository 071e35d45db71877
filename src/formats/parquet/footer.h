// The footer made into what a ChunkSource tells and what its decoders need; everything in it is checked once, here.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/parquet/file_metadata.h"
#include "table/chunk_source.h"

namespace shoal::formats::parquet {

struct FooterChunk {
  table::ByteRange range;
  Codec codec = Codec::kUncompressed;
  std::optional<u64> nulls;  // as its statistics state them
};

struct Footer {
  std::vector<table::SourceColumn> columns;
  std::vector<PhysicalType> physical;  // of each column
  std::vector<bool> is_optional;
  std::vector<table::RowGroup> row_groups;  // those that have rows
  std::vector<size_t> row_group_in_file;    // their numbers in the file, for messages
  std::vector<FooterChunk> chunks;          // of row group 0, then of row group 1, ...
  u64 rows = 0;

  const FooterChunk& chunk(size_t row_group, size_t column) const {
    return chunks[row_group * columns.size() + column];
  }
};

// `data_end`: where the footer begins in the file; all pages lie before. Errors: kCorrupt, kUnsupported.
Result<Footer> read_footer(std::span<const std::byte> bytes, u64 data_end, std::string_view file_name);

}  // namespace shoal::formats::parquet
