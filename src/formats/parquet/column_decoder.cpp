#include "formats/parquet/column_decoder.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace shoal::formats::parquet {
namespace {

constexpr u32 kMostRows = table::ColumnDecoder::kMostSliceRows;
// From this many rows on PLAIN values are handed on where they lie, rather than gathered into a full slice.
constexpr u32 kFewestDirectRows = 4096;

std::span<const u8> as_u8(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const u8*>(bytes.data()), bytes.size()};
}

// Moves `valid` values that lie one behind the other to the rows whose bits are set, and 0 to the others. From
// the last row on, so that no value is overwritten before it has moved; ends where no nulls are left.
template <class T>
void spread(std::byte* bytes, u32 rows, u32 valid, const u32* validity, u32 first_bit) {
  T* out = reinterpret_cast<T*>(bytes);
  u32 row = rows;
  while (row > valid && valid > 0) {
    --row;
    const u32 bit = first_bit + row;
    const u32 is_valid = validity[bit / 32] >> (bit % 32) & 1;
    out[row] = is_valid != 0 ? out[valid - 1] : T{0};
    valid -= is_valid;
  }
  if (valid == 0) std::fill_n(out, row, T{0});
}

}  // namespace

ParquetColumnDecoder::ParquetColumnDecoder(const ChunkDescription& chunk, const PageLimits& limits,
                                           BufferPool& pool, table::Dictionary* dictionary)
    : chunk_(chunk),
      kind_(value_kind(chunk.physical)),
      pages_(chunk.place, chunk.range, limits),
      pool_(pool),
      buffers_(pool.take()),
      dictionary_(dictionary),
      rows_left_(chunk.rows) {
  buffers_->dictionary.clear();
  buffers_->validity.resize(kMostRows / 32);
}

ParquetColumnDecoder::~ParquetColumnDecoder() { pool_.give_back(std::move(buffers_)); }

Error ParquetColumnDecoder::located(Error error) const {
  if (error.code == ErrorCode::kCorrupt) return chunk_.place.damaged_page(page_offset_, error.sentence);
  return while_doing(std::move(error), chunk_.place.while_reading());
}

Result<table::DecodeStep> ParquetColumnDecoder::next(std::span<const std::byte> bytes) {
  SHOAL_TRY(pages_.give(bytes));
  if (is_slice_given_) {
    SHOAL_TRY_SET(const auto values, buffers_->values.resize(size_t{kMostRows} * sizeof(u64)));
    slice_values_ = values.data();
    is_slice_given_ = false;
    slice_rows_ = slice_nulls_ = 0;
    if (chunk_.is_optional) std::ranges::fill(buffers_->validity, 0);
  }
  while (true) {
    if (page_rows_left_ == 0) {
      if (rows_left_ == 0) {
        if (slice_rows_ > 0) return finish_slice();
        return table::Done{};
      }
      SHOAL_TRY_SET(const PageStep step, pages_.next(rows_left_));
      if (const auto* need = std::get_if<table::NeedBytes>(&step)) return *need;
      const Page& page = std::get<Page>(step);
      page_offset_ = page.offset;
      if (auto begun = begin_page(page); !begun) return std::unexpected(located(std::move(begun).error()));
      continue;
    }
    if (const auto rows = direct_rows()) {
      if (slice_rows_ > 0) return finish_slice();
      auto slice = direct_slice(*rows);
      if (!slice) return std::unexpected(located(std::move(slice).error()));
      return *slice;
    }
    const u32 rows = std::min(page_rows_left_, kMostRows - slice_rows_);
    if (auto appended = append_rows(rows); !appended) return std::unexpected(located(std::move(appended).error()));
    if (slice_rows_ == kMostRows) return finish_slice();
  }
}

Result<void> ParquetColumnDecoder::begin_page(const Page& page) {
  if (static_cast<PageType>(page.header.type) == PageType::kDictionary) return begin_dictionary_page(page);
  has_begun_data_ = true;
  if (page.header.values > rows_left_) {
    return fail(ErrorCode::kCorrupt, "holds too many rows (expected at most {}, found {})",
                group_thousands(rows_left_), group_thousands(page.header.values));
  }
  const bool is_v2 = static_cast<PageType>(page.header.type) == PageType::kDataV2;
  if (is_v2 && page.header.rows && *page.header.rows != page.header.values) {
    return fail(ErrorCode::kCorrupt, "states {} values in {} rows, though the column is flat",
                group_thousands(page.header.values), group_thousands(*page.header.rows));
  }
  SHOAL_TRY(begin_data_page(page));
  page_rows_ = page_rows_left_ = page.header.values;
  page_nulls_ = 0;
  page_nulls_stated_ = is_v2 ? page.header.nulls : std::nullopt;
  if (page_rows_left_ == 0) return check_page_end();
  return {};
}

Result<std::span<const std::byte>> ParquetColumnDecoder::decompress(std::span<const std::byte> stored, u64 size,
                                                                    ByteBuffer& buffer) {
  if (chunk_.codec == Codec::kUncompressed || (stored.empty() && size == 0)) {
    if (stored.size() == size) return stored;
    return fail(ErrorCode::kCorrupt, "is not compressed but states two sizes ({} and {} bytes)",
                group_thousands(stored.size()), group_thousands(size));
  }
  if (size > most_decompressed_bytes(chunk_.codec, stored.size())) {
    return fail(ErrorCode::kCorrupt, "states more bytes than can come out of it ({} of {})", group_thousands(size),
                group_thousands(stored.size()));
  }
  SHOAL_TRY_SET(const auto out, buffer.resize(static_cast<size_t>(size)));
  SHOAL_TRY(buffers_->decompressor.decompress(chunk_.codec, stored, out));
  return out;
}

Result<void> ParquetColumnDecoder::begin_dictionary_page(const Page& page) {
  if (has_begun_data_ || buffers_->dictionary.entries() > 0) {
    return fail(ErrorCode::kCorrupt, "is a dictionary in the middle of the column");
  }
  const auto encoding = static_cast<Encoding>(page.header.encoding);
  if (encoding != Encoding::kPlain && encoding != Encoding::kPlainDictionary) {
    return fail(ErrorCode::kCorrupt, "is a dictionary with the encoding {}, where only PLAIN is allowed",
                encoding_name(page.header.encoding));
  }
  SHOAL_TRY_SET(auto bytes, decompress(page.payload, page.header.uncompressed_bytes, buffers_->dictionary_page));
  if (bytes.data() == page.payload.data() && !bytes.empty()) {
    // The dictionary is needed for longer than the bytes of the file are at hand.
    SHOAL_TRY_SET(const auto copy, buffers_->dictionary_page.resize(bytes.size()));
    std::memcpy(copy.data(), bytes.data(), bytes.size());
    bytes = copy;
  }
  return buffers_->dictionary.load(kind_, as_u8(bytes), page.header.values);
}

Result<void> ParquetColumnDecoder::begin_data_page(const Page& page) {
  const PageHeader& header = page.header;
  if (static_cast<PageType>(header.type) == PageType::kData) {
    SHOAL_TRY_SET(const auto bytes, decompress(page.payload, header.uncompressed_bytes, buffers_->page));
    SHOAL_TRY_SET(const auto values, begin_levels(as_u8(bytes), header));
    return begin_values(values, header.encoding);
  }
  const u64 level_bytes = u64{header.repetition_bytes} + header.definition_bytes;
  if (level_bytes > page.payload.size() || level_bytes > header.uncompressed_bytes) {
    return fail(ErrorCode::kCorrupt, "is shorter than its levels (expected {} bytes, found {})",
                group_thousands(level_bytes), group_thousands(page.payload.size()));
  }
  levels_ = DefinitionLevels(
      HybridRuns(as_u8(page.payload.subspan(header.repetition_bytes, header.definition_bytes)), 1));
  auto stored = page.payload.subspan(static_cast<size_t>(level_bytes));
  if (header.is_compressed) {
    SHOAL_TRY_SET(stored, decompress(stored, header.uncompressed_bytes - level_bytes, buffers_->page));
  }
  return begin_values(as_u8(stored), header.encoding);
}

Result<std::span<const u8>> ParquetColumnDecoder::begin_levels(std::span<const u8> page, const PageHeader& header) {
  if (!chunk_.is_optional) return page;
  const auto encoding = static_cast<Encoding>(header.level_encoding);
  if (encoding == Encoding::kBitPacked) {
    const size_t size = divide_round_up<size_t>(header.values, 8);
    if (size > page.size()) return fail(ErrorCode::kCorrupt, "ends within its definition levels");
    buffers_->legacy_levels.assign(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(size));
    reverse_bits(buffers_->legacy_levels);
    levels_ = DefinitionLevels(HybridRuns::packed(buffers_->legacy_levels, 1));
    return page.subspan(size);
  }
  if (encoding != Encoding::kRle) {
    return fail(ErrorCode::kCorrupt, "has definition levels with the encoding {}, where only RLE is allowed",
                encoding_name(header.level_encoding));
  }
  u32 size = 0;
  if (page.size() >= sizeof size) std::memcpy(&size, page.data(), sizeof size);
  if (page.size() < sizeof size || size > page.size() - sizeof size) {
    return fail(ErrorCode::kCorrupt, "ends within its definition levels");
  }
  levels_ = DefinitionLevels(HybridRuns(page.subspan(sizeof size, size), 1));
  return page.subspan(sizeof size + size);
}

Result<void> ParquetColumnDecoder::begin_values(std::span<const u8> bytes, i32 encoding) {
  const auto set = [&](Result<PageValues> values) -> Result<void> {
    SHOAL_TRY_SET(values_, std::move(values));
    return {};
  };
  switch (static_cast<Encoding>(encoding)) {
    case Encoding::kPlain: return set(PageValues::plain(kind_, bytes));
    case Encoding::kPlainDictionary:
    case Encoding::kRleDictionary:
      if (kind_ == ValueKind::kBoolean) break;
      return set(PageValues::indices(kind_, bytes));
    case Encoding::kRle:
      if (kind_ != ValueKind::kBoolean) break;
      return set(PageValues::rle_booleans(bytes));
    default: break;
  }
  return fail(ErrorCode::kUnsupported,
              "The page at byte {} has the encoding {}, which is not read for this type. Write the file with the "
              "encodings PLAIN or RLE_DICTIONARY.",
              group_thousands(page_offset_), encoding_name(encoding));
}

std::optional<u32> ParquetColumnDecoder::direct_rows() {
  if (!values_.is_direct()) return std::nullopt;
  u32 rows = std::min(page_rows_left_, kMostRows);
  if (chunk_.is_optional) rows = levels_.valid_ahead(rows);
  if (rows < kFewestDirectRows) return std::nullopt;
  return rows;
}

Result<table::ColumnSlice> ParquetColumnDecoder::direct_slice(u32 rows) {
  SHOAL_TRY_SET(const auto values, values_.read_direct(rows));
  if (chunk_.is_optional) levels_.pass_valid(rows);
  page_rows_left_ -= rows;
  rows_left_ -= rows;
  if (page_rows_left_ == 0) SHOAL_TRY(check_page_end());
  return table::ColumnSlice{.rows = rows, .values = values, .validity = {}, .null_count = 0};
}

Result<void> ParquetColumnDecoder::append_rows(u32 rows) {
  u32 valid = rows;
  if (chunk_.is_optional) {
    const auto found = levels_.read(buffers_->validity.data(), slice_rows_, rows);
    if (!found) return fail(ErrorCode::kCorrupt, "holds fewer definition levels than rows");
    valid = *found;
  }
  const u32 nulls = rows - valid;
  page_nulls_ += nulls;
  nulls_ += nulls;
  // Here already, since whoever asked for a column without nulls makes no room for them.
  if (chunk_.nulls && nulls_ > *chunk_.nulls) {
    return fail(ErrorCode::kCorrupt, "holds more nulls than the {} that the file's statistics state",
                group_thousands(*chunk_.nulls));
  }
  std::byte* out = slice_values_ + size_t{slice_rows_} * raw_bytes(kind_);
  SHOAL_TRY(values_.read(valid, out, buffers_->dictionary, dictionary_));
  if (valid < rows) {
    if (raw_bytes(kind_) == 4) {
      spread<u32>(out, rows, valid, buffers_->validity.data(), slice_rows_);
    } else {
      spread<u64>(out, rows, valid, buffers_->validity.data(), slice_rows_);
    }
  }
  slice_rows_ += rows;
  slice_nulls_ += nulls;
  page_rows_left_ -= rows;
  rows_left_ -= rows;
  if (page_rows_left_ == 0) return check_page_end();
  return {};
}

Result<void> ParquetColumnDecoder::check_page_end() {
  if (chunk_.is_optional && !levels_.is_spent()) {
    return fail(ErrorCode::kCorrupt, "holds more definition levels than its {} rows", group_thousands(page_rows_));
  }
  if (!values_.is_spent()) {
    return fail(ErrorCode::kCorrupt, "holds more values than its {} rows that are not null",
                group_thousands(page_rows_ - page_nulls_));
  }
  if (page_nulls_stated_ && *page_nulls_stated_ != page_nulls_) {
    return fail(ErrorCode::kCorrupt, "holds {} nulls and states {}", group_thousands(page_nulls_),
                group_thousands(*page_nulls_stated_));
  }
  if (rows_left_ == 0 && chunk_.nulls && *chunk_.nulls != nulls_) {
    return fail(ErrorCode::kCorrupt,
                "is the last of a column with {} nulls in this row group, and the file's statistics state {}",
                group_thousands(nulls_), group_thousands(*chunk_.nulls));
  }
  return {};
}

table::ColumnSlice ParquetColumnDecoder::finish_slice() {
  is_slice_given_ = true;
  table::ColumnSlice slice{.rows = slice_rows_,
                           .values = {slice_values_, size_t{slice_rows_} * raw_bytes(kind_)},
                           .validity = {},
                           .null_count = slice_nulls_};
  if (slice_nulls_ > 0) slice.validity = std::span(buffers_->validity).first(divide_round_up(slice_rows_, 32u));
  return slice;
}

}  // namespace shoal::formats::parquet
