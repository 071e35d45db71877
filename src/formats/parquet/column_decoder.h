// Decodes one column of one row group: pages in, slices of raw values out.
#pragma once

#include <memory>
#include <optional>

#include "formats/parquet/decode_buffers.h"
#include "formats/parquet/definition_levels.h"
#include "formats/parquet/page_reader.h"
#include "formats/parquet/page_values.h"
#include "table/chunk_source.h"

namespace shoal::formats::parquet {

// What the footer says about a column chunk.
struct ChunkDescription {
  ChunkPlace place;
  table::ByteRange range;
  u64 rows = 0;
  PhysicalType physical = PhysicalType::kInt32;
  Codec codec = Codec::kUncompressed;
  bool is_optional = false;
  std::optional<u64> nulls;  // as its statistics state them
};

class ParquetColumnDecoder final : public table::ColumnDecoder {
 public:
  // `dictionary` for strings; it and `pool` outlive the decoder.
  ParquetColumnDecoder(const ChunkDescription& chunk, const PageLimits& limits, BufferPool& pool,
                       table::Dictionary* dictionary);
  ~ParquetColumnDecoder() override;
  Result<table::DecodeStep> next(std::span<const std::byte> bytes) override;

 private:
  Result<void> begin_page(const Page& page);
  Result<void> begin_dictionary_page(const Page& page);
  Result<void> begin_data_page(const Page& page);
  // The page's bytes in the clear: where they are, or decompressed into `buffer`.
  Result<std::span<const std::byte>> decompress(std::span<const std::byte> stored, u64 size, ByteBuffer& buffer);
  // Splits the levels off the front of a page of version 1.
  Result<std::span<const u8>> begin_levels(std::span<const u8> page, const PageHeader& header);
  Result<void> begin_values(std::span<const u8> bytes, i32 encoding);
  Result<void> append_rows(u32 rows);
  // What page and footer state must be what was found. Errors: kCorrupt, a phrase.
  Result<void> check_page_end();
  std::optional<u32> direct_rows();
  Result<table::ColumnSlice> direct_slice(u32 rows);
  table::ColumnSlice finish_slice();
  Error located(Error error) const;

  ChunkDescription chunk_;
  ValueKind kind_;
  PageReader pages_;
  BufferPool& pool_;
  std::unique_ptr<DecodeBuffers> buffers_;
  table::Dictionary* dictionary_;

  u64 rows_left_;
  u64 page_offset_ = 0;
  bool has_begun_data_ = false;
  u32 page_rows_ = 0, page_rows_left_ = 0;
  u32 page_nulls_ = 0;
  std::optional<u32> page_nulls_stated_;
  u64 nulls_ = 0;  // of all pages so far
  DefinitionLevels levels_;
  PageValues values_;

  std::byte* slice_values_ = nullptr;
  u32 slice_rows_ = 0;
  u32 slice_nulls_ = 0;
  bool is_slice_given_ = true;
};

}  // namespace shoal::formats::parquet
