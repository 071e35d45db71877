// The header in front of each page of a column chunk.
#pragma once

#include <optional>
#include <span>

#include "base/int.h"

namespace shoal::formats::parquet {

enum class PageType : i32 { kData = 0, kIndex = 1, kDictionary = 2, kDataV2 = 3 };

struct PageHeader {
  i32 type = -1;  // a PageType; pages of other types are passed over
  u32 header_bytes = 0;
  u32 compressed_bytes = 0;
  u32 uncompressed_bytes = 0;
  u32 values = 0;          // nulls included
  std::optional<u32> crc;  // of the payload as it is stored
  i32 encoding = 0;        // an Encoding
  // Data pages, version 1.
  i32 level_encoding = 0;
  // Data pages, version 2: the levels lie in front, never compressed.
  std::optional<u32> nulls;
  std::optional<u32> rows;
  u32 repetition_bytes = 0;
  u32 definition_bytes = 0;
  bool is_compressed = true;
};

enum class HeaderProblem : u8 { kNone, kRanOut, kMalformed };

// `bytes` starts with the header and may go on behind it. kRanOut: it may be right, but needs more bytes.
HeaderProblem parse_page_header(std::span<const std::byte> bytes, PageHeader& header);

}  // namespace shoal::formats::parquet
