#include "formats/parquet/footer.h"

#include "base/text.h"
#include "formats/parquet/codecs.h"
#include "formats/parquet/column_schema.h"
#include "formats/parquet/statistics.h"

namespace shoal::formats::parquet {
namespace {

constexpr u64 kFirstPage = 4;  // behind the magic

// Also what keeps sums of rows from overflowing.
constexpr i64 kMostRows = i64{1} << 48;

std::unexpected<Error> damaged(std::string_view file, std::string_view problem) {
  return fail(ErrorCode::kCorrupt,
              "The footer of {} is damaged: {}. Copy the file again, or write it again from its source.", file,
              problem);
}

constexpr u32 bit_of(Encoding encoding) { return 1u << static_cast<u32>(encoding); }
constexpr u32 kReadEncodings = bit_of(Encoding::kPlain) | bit_of(Encoding::kPlainDictionary) |
                               bit_of(Encoding::kRle) | bit_of(Encoding::kBitPacked) |
                               bit_of(Encoding::kRleDictionary);

// Why this chunk makes its column unreadable; empty when it does not.
std::string chunk_refusal(const ColumnChunkMetadata& chunk, std::string_view column) {
  if (chunk.is_encrypted) {
    return fmt::format("Column {} is encrypted, which is not read. Write it without encryption.", quote(column));
  }
  if (chunk.is_in_other_file) {
    return fmt::format("Column {} lies in another file than its footer, which is not read. Write it into one file.",
                       quote(column));
  }
  if (!can_decompress(chunk.codec)) {
    return fmt::format(
        "Column {} is compressed with {}, which is not read. Write it with zstd, snappy, gzip or uncompressed.",
        quote(column), codec_name(chunk.codec));
  }
  if (const u32 refused = chunk.encodings & ~kReadEncodings; refused != 0) {
    return fmt::format(
        "Column {} has the encoding {}, which is not read. Write it with the encodings PLAIN or RLE_DICTIONARY.",
        quote(column), encoding_name(std::countr_zero(refused)));
  }
  return {};
}

// Where the chunk's pages lie; nothing when that is not within the file. Some writers leave the dictionary page's
// offset out and let the data page's point there, some write 0 for none.
std::optional<table::ByteRange> chunk_range(const ColumnChunkMetadata& chunk, u64 data_end) {
  i64 begin = chunk.data_page_offset;
  if (chunk.dictionary_page_offset && *chunk.dictionary_page_offset > 0) {
    begin = std::min(begin, *chunk.dictionary_page_offset);
  }
  if (begin < 0 || chunk.compressed_bytes < 0) return std::nullopt;
  const table::ByteRange range{static_cast<u64>(begin), static_cast<u64>(chunk.compressed_bytes)};
  if (range.offset < kFirstPage || range.offset > data_end || range.size > data_end - range.offset)
    return std::nullopt;
  return range;
}

// The chunks of one column, gathered over the row groups into what its SourceColumn states.
class ColumnSummary {
 public:
  void add(const ColumnChunkMetadata& chunk, const SchemaColumn& schema) {
    const bool is_all_null = chunk.statistics.null_count == chunk.values;
    has_nulls_ |= chunk.statistics.null_count != 0;
    if (is_all_null || !is_stated_) return;
    const auto stated = stated_range(chunk.statistics, schema.physical, schema.column.type);
    if (!stated) {
      is_stated_ = false;
      range_.reset();
    } else if (range_) {
      widen(*range_, *stated);
    } else {
      range_ = stated;
    }
  }
  void finish(table::SourceColumn& column) const {
    column.nullable = column.nullable && has_nulls_;
    column.range = range_;
  }

 private:
  bool has_nulls_ = false;
  bool is_stated_ = true;
  std::optional<table::StatedRange> range_;
};

struct Reading {
  std::string_view file_name;
  u64 data_end = 0;
  std::vector<SchemaColumn> schema;
  std::vector<ColumnSummary> summaries;
  Footer footer;
};

// One leaf of a column in one row group; `chunk` of the footer is filled when the column can be read.
Result<void> add_leaf(Reading& reading, size_t index, const ColumnChunkMetadata& leaf, size_t row_group, i64 rows,
                      FooterChunk& chunk) {
  const SchemaColumn& schema = reading.schema[index];
  table::SourceColumn& column = reading.footer.columns[index];
  const auto where = [&] { return fmt::format("column {} in row group {}", quote(column.name), row_group); };
  if (leaf.has_metadata) {
    const auto range = chunk_range(leaf, reading.data_end);
    if (!range && !leaf.is_in_other_file) {
      return damaged(
          reading.file_name,
          fmt::format("{} lies outside of the file (byte {}, {} bytes; the pages end at byte {})", where(),
                      leaf.data_page_offset, leaf.compressed_bytes, group_thousands(reading.data_end)));
    }
    if (range) {
      chunk.range = *range;
      column.stored_bytes += range->size;
    }
  }
  if (column.unsupported.empty()) column.unsupported = chunk_refusal(leaf, column.name);
  if (!column.unsupported.empty()) return {};
  if (leaf.physical_type != static_cast<i32>(schema.physical)) {
    return damaged(reading.file_name, fmt::format("{} has another physical type ({}) than its schema ({})", where(),
                                                  leaf.physical_type, static_cast<i32>(schema.physical)));
  }
  if (leaf.values != rows) {
    return damaged(reading.file_name,
                   fmt::format("{} states {} rows, and the row group {}", where(), leaf.values, rows));
  }
  chunk.codec = static_cast<Codec>(leaf.codec);
  if (const auto nulls = leaf.statistics.null_count) {
    if (*nulls < 0 || *nulls > rows) {
      return damaged(reading.file_name, fmt::format("{} states {} nulls in {} rows", where(), *nulls, rows));
    }
    chunk.nulls = static_cast<u64>(*nulls);
  }
  reading.summaries[index].add(leaf, schema);
  return {};
}

Result<void> add_row_group(Reading& reading, const RowGroupMetadata& group, size_t index) {
  Footer& footer = reading.footer;
  if (group.rows < 0 || group.rows > kMostRows) {
    return damaged(reading.file_name, fmt::format("row group {} states {} rows", index, group.rows));
  }
  if (group.rows == 0) return {};
  size_t leaves = 0;
  for (const SchemaColumn& column : reading.schema) leaves += column.leaves;
  if (group.columns.size() != leaves) {
    return damaged(reading.file_name, fmt::format("row group {} has {} columns, and the schema {}", index,
                                                  group.columns.size(), leaves));
  }
  for (size_t i = 0; i < reading.schema.size(); ++i) {
    const SchemaColumn& column = reading.schema[i];
    FooterChunk chunk;
    for (size_t leaf = column.first_leaf; leaf < column.first_leaf + column.leaves; ++leaf) {
      SHOAL_TRY(add_leaf(reading, i, group.columns[leaf], index, group.rows, chunk));
    }
    footer.chunks.push_back(chunk);
  }
  footer.row_groups.push_back({.first_row = footer.rows, .rows = static_cast<u64>(group.rows)});
  footer.row_group_in_file.push_back(index);
  footer.rows += static_cast<u64>(group.rows);
  if (footer.rows > static_cast<u64>(kMostRows)) {
    return damaged(reading.file_name,
                   fmt::format("its row groups have {} rows together", group_thousands(footer.rows)));
  }
  return {};
}

}  // namespace

Result<Footer> read_footer(std::span<const std::byte> bytes, u64 data_end, std::string_view file_name) {
  const auto metadata = parse_file_metadata(bytes);
  if (!metadata) return damaged(file_name, "its metadata can not be parsed");
  auto schema = read_schema(metadata->schema);
  if (!schema) return damaged(file_name, "its schema is not a tree");

  Reading reading{
      .file_name = file_name, .data_end = data_end, .schema = *std::move(schema), .summaries = {}, .footer = {}};
  Footer& footer = reading.footer;
  for (const SchemaColumn& column : reading.schema) {
    footer.columns.push_back(column.column);
    footer.physical.push_back(column.physical);
    footer.is_optional.push_back(column.is_optional);
  }
  reading.summaries.resize(footer.columns.size());
  for (size_t i = 0; i < metadata->row_groups.size(); ++i)
    SHOAL_TRY(add_row_group(reading, metadata->row_groups[i], i));
  if (metadata->rows < 0 || static_cast<u64>(metadata->rows) != footer.rows) {
    return damaged(file_name, fmt::format("it states {} rows, and its row groups have {} together", metadata->rows,
                                          group_thousands(footer.rows)));
  }
  for (size_t i = 0; i < footer.columns.size(); ++i) reading.summaries[i].finish(footer.columns[i]);
  return std::move(footer);
}

}  // namespace shoal::formats::parquet
