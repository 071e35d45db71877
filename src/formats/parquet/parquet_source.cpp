#include "formats/parquet/parquet_source.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "formats/parquet/column_decoder.h"
#include "formats/parquet/footer.h"

namespace shoal::formats {
namespace {

constexpr u64 kTailBytes = u64{64} << 10;  // asked for first; most footers fit
constexpr u64 kMagicBytes = 4;
constexpr u64 kTrailerBytes = 8;  // the footer's length and the magic

class ParquetSource final : public table::ChunkSource {
 public:
  ParquetSource(std::string file_name, parquet::Footer footer, const ParquetOptions& options)
      : file_name_(std::move(file_name)), footer_(std::move(footer)) {
    limits_.most_page_bytes = options.most_page_bytes;
    limits_.whole_chunk_bytes = std::min(options.whole_chunk_bytes, options.most_page_bytes);
    limits_.window_bytes = std::min(options.window_bytes, options.most_page_bytes);
  }

  std::span<const table::SourceColumn> columns() const override { return footer_.columns; }
  std::span<const table::RowGroup> row_groups() const override { return footer_.row_groups; }
  u64 rows() const override { return footer_.rows; }
  table::ByteRange stored_range(size_t row_group, size_t column) const override {
    return footer_.chunk(row_group, column).range;
  }
  Result<std::unique_ptr<table::ColumnDecoder>> decode(size_t row_group, size_t column,
                                                       table::Dictionary* dictionary) const override;

 private:
  std::string file_name_;
  parquet::Footer footer_;
  parquet::PageLimits limits_;
  mutable parquet::BufferPool pool_;
};

Result<std::unique_ptr<table::ColumnDecoder>> ParquetSource::decode(size_t row_group, size_t column,
                                                                    table::Dictionary* dictionary) const {
  const table::SourceColumn& source = footer_.columns[column];
  if (!source.unsupported.empty()) return std::unexpected(Error{ErrorCode::kUnsupported, source.unsupported, {}});
  if (source.type.kind == table::TypeKind::kString && dictionary == nullptr) {
    return fail(ErrorCode::kInternal, "Column {} needs a dictionary to be decoded.", quote(source.name));
  }
  const parquet::FooterChunk& chunk = footer_.chunk(row_group, column);
  const parquet::ChunkDescription description{
      .place = {.file = file_name_, .column = source.name, .row_group = footer_.row_group_in_file[row_group]},
      .range = chunk.range,
      .rows = footer_.row_groups[row_group].rows,
      .physical = footer_.physical[column],
      .codec = chunk.codec,
      .is_optional = footer_.is_optional[column],
      .nulls = chunk.nulls};
  return std::make_unique<parquet::ParquetColumnDecoder>(description, limits_, pool_, dictionary);
}

}  // namespace

Result<ParquetOpener::Step> ParquetOpener::ask(u64 size) {
  asked_bytes_ = size;
  return table::NeedBytes{{file_size_ - size, size}};
}

Result<ParquetOpener::Step> ParquetOpener::next(std::span<const std::byte> bytes) {
  if (file_size_ < kMagicBytes + kTrailerBytes) {
    return fail(ErrorCode::kCorrupt, "{} is not a Parquet file: it has {} bytes, and the smallest has {}.",
                file_name_, file_size_, kMagicBytes + kTrailerBytes);
  }
  if (asked_bytes_ == 0) return ask(std::min(file_size_, kTailBytes));
  if (bytes.size() != asked_bytes_) {
    return fail(ErrorCode::kIo, "The end of {} could not be read (asked for {} bytes, got {}). Try again.",
                file_name_, group_thousands(asked_bytes_), group_thousands(bytes.size()));
  }
  const auto trailer = bytes.last(kTrailerBytes);
  const std::string_view magic(reinterpret_cast<const char*>(trailer.data()) + 4, kMagicBytes);
  if (magic == "PARE") {
    return fail(ErrorCode::kUnsupported, "{} is encrypted, which is not read. Write it without encryption.",
                file_name_);
  }
  if (magic != "PAR1") {
    return fail(ErrorCode::kCorrupt,
                "{} is not a Parquet file, or was cut off: it does not end with PAR1. Copy it again, or write it "
                "again from its source.",
                file_name_);
  }
  u32 footer_bytes;
  std::memcpy(&footer_bytes, trailer.data(), sizeof footer_bytes);
  const u64 end_bytes = u64{footer_bytes} + kTrailerBytes;
  if (end_bytes + kMagicBytes > file_size_) {
    return fail(
        ErrorCode::kCorrupt,
        "The footer of {} is damaged: it states {} bytes, and the file has {}. Copy the file again, or write "
        "it again from its source.",
        file_name_, group_thousands(footer_bytes), group_thousands(file_size_));
  }
  if (footer_bytes > options_.most_footer_bytes) {
    return fail(ErrorCode::kUnsupported,
                "The footer of {} has {}, more than the {} that are read at once here. Write the file with fewer "
                "row groups or columns.",
                file_name_, format_bytes(footer_bytes), format_bytes(options_.most_footer_bytes));
  }
  if (end_bytes > bytes.size()) return ask(end_bytes);
  SHOAL_TRY_SET(auto footer, parquet::read_footer(bytes.last(static_cast<size_t>(end_bytes)).first(footer_bytes),
                                                  file_size_ - end_bytes, file_name_));
  return std::make_unique<ParquetSource>(file_name_, std::move(footer), options_);
}

}  // namespace shoal::formats
