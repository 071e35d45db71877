#include "table/memory_source.h"

#include <algorithm>
#include <cstring>

namespace shoal::table {
namespace {

class MemoryDecoder : public ColumnDecoder {
 public:
  MemoryDecoder(const MemoryColumn& column, RowGroup rows, Dictionary* dictionary)
      : column_(column),
        next_row_(static_cast<size_t>(rows.first_row)),  // of values that are in memory
        end_row_(static_cast<size_t>(rows.first_row + rows.rows)),
        dictionary_(dictionary) {}

  Result<DecodeStep> next(std::span<const std::byte>) override {
    if (next_row_ == end_row_) return Done{};
    const u32 rows = static_cast<u32>(std::min<size_t>(end_row_ - next_row_, kMostSliceRows));
    ColumnSlice slice{.rows = rows, .values = {}, .validity = {}, .null_count = 0};
    if (dictionary_ != nullptr) {
      SHOAL_TRY(encode_strings(rows));
      slice.values = std::as_bytes(std::span(codes_));
    } else {
      const size_t width = raw_size_bytes(column_.raw);
      slice.values = std::span(column_.values).subspan(next_row_ * width, rows * width);
    }
    if (!column_.is_null.empty()) {
      validity_.assign(divide_round_up(rows, 32u), 0);
      for (u32 i = 0; i < rows; ++i) {
        const bool is_null = column_.is_null[next_row_ + i];
        if (is_null) ++slice.null_count;
        validity_[i / 32] |= (is_null ? 0u : 1u) << (i % 32);
      }
      if (slice.null_count > 0) slice.validity = validity_;
    }
    next_row_ += rows;
    return slice;
  }

 private:
  Result<void> encode_strings(u32 rows) {
    codes_.assign(rows, 0);
    for (u32 i = 0; i < rows; ++i) {
      if (!column_.is_null.empty() && column_.is_null[next_row_ + i]) continue;
      SHOAL_TRY_SET(codes_[i], dictionary_->insert(column_.strings[next_row_ + i]));
    }
    return {};
  }

  const MemoryColumn& column_;
  size_t next_row_, end_row_;
  Dictionary* dictionary_;
  std::vector<u32> validity_, codes_;
};

}  // namespace

MemorySource::MemorySource(std::vector<MemoryColumn> columns, u64 rows, u64 rows_per_group)
    : columns_(std::move(columns)), rows_(rows) {
  for (const MemoryColumn& column : columns_) {
    SourceColumn& described = described_.emplace_back();
    described.name = column.name;
    described.type = column.type;
    described.raw = column.type.kind == TypeKind::kString ? RawFormat::kU32 : column.raw;
    described.nullable = !column.is_null.empty();
  }
  for (u64 first = 0; first < rows; first += rows_per_group) {
    row_groups_.push_back({first, std::min(rows_per_group, rows - first)});
  }
}

Result<std::unique_ptr<ColumnDecoder>> MemorySource::decode(size_t row_group, size_t column,
                                                            Dictionary* dictionary) const {
  return std::make_unique<MemoryDecoder>(columns_[column], row_groups_[row_group], dictionary);
}

}  // namespace shoal::table
