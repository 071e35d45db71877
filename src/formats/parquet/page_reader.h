// Walks the pages of a column chunk. A chunk that is small is asked for whole, in one request; of a larger one a
// window is asked for that holds the next page and what follows it.
#pragma once

#include <span>
#include <variant>

#include "base/result.h"
#include "formats/parquet/chunk_place.h"
#include "formats/parquet/page_header.h"
#include "table/chunk_source.h"

namespace shoal::formats::parquet {

// See ParquetOptions.
struct PageLimits {
  u64 most_page_bytes = 0;
  u64 whole_chunk_bytes = 0;
  u64 window_bytes = 0;
};

struct Page {
  PageHeader header;
  u64 offset = 0;                      // of the header, in the file
  std::span<const std::byte> payload;  // as stored; valid until the reader is given other bytes
};
using PageStep = std::variant<table::NeedBytes, Page>;

class PageReader {
 public:
  PageReader(const ChunkPlace& place, table::ByteRange chunk, const PageLimits& limits)
      : place_(place), limits_(limits), next_offset_(chunk.offset), end_offset_(chunk.offset + chunk.size) {}

  // The bytes that the last NeedBytes asked for; none when nothing was asked for.
  Result<void> give(std::span<const std::byte> bytes);
  // The next data or dictionary page. `rows_left`: how many rows the caller still expects, for the message when
  // the chunk ends instead.
  Result<PageStep> next(u64 rows_left);

 private:
  table::NeedBytes ask(u64 size);

  ChunkPlace place_;
  PageLimits limits_;
  u64 next_offset_;
  u64 end_offset_;
  table::ByteRange asked_;             // size 0 when nothing is asked for
  std::span<const std::byte> window_;  // of the file from window_offset_ on
  u64 window_offset_ = 0;
};

}  // namespace shoal::formats::parquet
