#include "table/column_reader.h"

#include <algorithm>
#include <cstring>

namespace shoal::table {
namespace {

// Copies `count` bits from bit `from` of `source` to bit `to` of `target`, which has zeros there.
void copy_bits(std::span<const u32> source, u32 from, std::vector<u32>& target, u32 to, u32 count) {
  for (u32 done = 0; done < count;) {
    const u32 room = std::min(32 - (from + done) % 32, 32 - (to + done) % 32);
    const u32 bits = std::min(room, count - done);
    const u32 mask = bits == 32 ? ~0u : (1u << bits) - 1;
    const u32 taken = (source[(from + done) / 32] >> ((from + done) % 32)) & mask;
    target[(to + done) / 32] |= taken << ((to + done) % 32);
    done += bits;
  }
}

void set_bits(std::vector<u32>& target, u32 from, u32 count) {
  for (u32 done = 0; done < count;) {
    const u32 bits = std::min(32 - (from + done) % 32, count - done);
    const u32 mask = bits == 32 ? ~0u : (1u << bits) - 1;
    target[(from + done) / 32] |= mask << ((from + done) % 32);
    done += bits;
  }
}

u32 count_ones(std::span<const u32> words, u32 from, u32 count) {
  u32 ones = 0;
  for (u32 i = from; i < from + count; ++i) ones += (words[i / 32] >> (i % 32)) & 1u;
  return ones;
}

}  // namespace

void ColumnReader::append(RawPiece& piece) {
  const u32 rows = std::min(slice_.rows - slice_used_, piece.rows - filled_);
  const size_t width = raw_size_bytes(source_.columns()[column_].raw);
  std::memcpy(piece.values.data() + filled_ * width, slice_.values.data() + slice_used_ * width, rows * width);
  if (!slice_.validity.empty() && piece.validity.empty()) {
    piece.validity.assign(divide_round_up(piece.rows, 32u), 0);
    set_bits(piece.validity, 0, filled_);
  }
  if (!slice_.validity.empty()) {
    copy_bits(slice_.validity, slice_used_, piece.validity, filled_, rows);
    piece.null_count += rows - count_ones(slice_.validity, slice_used_, rows);
  } else if (!piece.validity.empty()) {
    set_bits(piece.validity, filled_, rows);
  }
  slice_used_ += rows;
  filled_ += rows;
}

ColumnReader::ColumnReader(const ChunkSource& source, std::span<const ChunkRows> chunks, size_t column,
                           u32 most_strings)
    : ColumnReader(source, chunks, column, nullptr) {
  const SourceColumn& read = source.columns()[column];
  if (read.type.kind != TypeKind::kString) return;
  own_dictionary_ = std::make_unique<Dictionary>(read.name, most_strings);
  dictionary_ = own_dictionary_.get();
}

Result<std::optional<ByteRange>> ColumnReader::next(RawPiece& piece, std::span<const std::byte> bytes) {
  if (filled_ == 0 && bytes.empty()) {
    piece.column = column_;
    piece.chunk = chunk_;
    piece.rows = chunks_[chunk_].rows;
    piece.null_count = 0;
    piece.values.resize(size_t{piece.rows} * raw_size_bytes(source_.columns()[column_].raw));
    piece.validity.clear();
    piece.new_strings.clear();
  }
  while (filled_ < piece.rows) {
    if (slice_used_ < slice_.rows) {
      append(piece);
      continue;
    }
    if (decoder_ == nullptr) {
      if (row_group_ == source_.row_groups().size()) {
        return fail(ErrorCode::kCorrupt, "Column '{}' ends before its table does.",
                    source_.columns()[column_].name);
      }
      SHOAL_TRY_SET(decoder_, source_.decode(row_group_++, column_, dictionary_));
    }
    SHOAL_TRY_SET(const DecodeStep step, decoder_->next(bytes));
    bytes = {};
    if (const auto* need = std::get_if<NeedBytes>(&step)) return need->range;
    if (const auto* slice = std::get_if<ColumnSlice>(&step)) {
      slice_ = *slice;
      slice_used_ = 0;
    } else {
      decoder_.reset();
      slice_ = {};
      slice_used_ = 0;
    }
  }
  for (; own_dictionary_ && strings_given_ < own_dictionary_->size(); ++strings_given_) {
    piece.new_strings.emplace_back((*own_dictionary_)[strings_given_]);
  }
  filled_ = 0;
  ++chunk_;
  return std::nullopt;
}

}  // namespace shoal::table
