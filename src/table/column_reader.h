// Reads one column from its source, chunk by chunk, as raw values to upload.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "table/chunk_plan.h"
#include "table/chunk_source.h"

namespace shoal::table {

// One column of one chunk, decoded.
struct RawPiece {
  size_t column = 0;
  size_t chunk = 0;
  u32 rows = 0;
  u32 null_count = 0;
  std::vector<std::byte> values;  // rows x raw_size_bytes; 0 where null
  std::vector<u32> validity;      // bit i of word i/32: row i is not null; empty when none is null
  // Of string columns whose reader has a dictionary of its own: what its codes add to the pieces before, in code
  // order.
  std::vector<std::string> new_strings;
};

class ColumnReader {
 public:
  // Source and chunks must outlive the reader. It unifies strings in a dictionary of its own, so that it may run on
  // a thread of its own; pieces carry what is new. `most_strings`: distinct ones, more are an error.
  ColumnReader(const ChunkSource& source, std::span<const ChunkRows> chunks, size_t column, u32 most_strings);
  // The same on the thread of the table, whose dictionary must outlive the reader too: strings are held once, and
  // are there before their piece is. Null for columns without strings.
  ColumnReader(const ChunkSource& source, std::span<const ChunkRows> chunks, size_t column, Dictionary* dictionary)
      : source_(source), chunks_(chunks), column_(column), dictionary_(dictionary) {}

  size_t column() const { return column_; }
  size_t next_chunk() const { return chunk_; }
  bool is_done() const { return chunk_ == chunks_.size(); }

  // The range of the file that is needed next, or nothing when `piece` was filled with the next chunk. `piece`
  // keeps its memory from call to call; call until it is full before using another. `bytes`: what was asked for,
  // else empty.
  Result<std::optional<ByteRange>> next(RawPiece& piece, std::span<const std::byte> bytes);

 private:
  void append(RawPiece& piece);

  const ChunkSource& source_;
  std::span<const ChunkRows> chunks_;
  size_t column_;
  std::unique_ptr<Dictionary> own_dictionary_;
  Dictionary* dictionary_;
  u32 strings_given_ = 0;  // of its own dictionary, in pieces so far
  size_t chunk_ = 0;
  size_t row_group_ = 0;
  std::unique_ptr<ColumnDecoder> decoder_;
  ColumnSlice slice_;   // of the decoder's last call
  u32 slice_used_ = 0;  // its rows that are in a piece already
  u32 filled_ = 0;      // rows of the piece in hand
};

}  // namespace shoal::table
