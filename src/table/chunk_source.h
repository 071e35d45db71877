// A file of rows, whatever its format, as ingest sees it: columns with types, row groups, and a decoder for
// each column of a row group. Sources do no I/O: a decoder says which bytes of the file it needs next and is
// given them, so one reader serves a mapped file, an HTTP server with ranges and a File in the browser.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/int.h"
#include "base/result.h"
#include "table/column_type.h"
#include "table/dictionary.h"

namespace shoal::table {

struct ByteRange {
  u64 offset = 0;
  u64 size = 0;
};

// Smallest and largest value that the file's own statistics promise, nulls and NaN aside. A promise, not a
// proof: ingest measures the truth. Integers (also dates, timestamps, booleans) as i128, floats as double.
struct StatedRange {
  std::variant<std::pair<i128, i128>, std::pair<double, double>> bounds;
};

struct SourceColumn {
  std::string name;
  ColumnType type;
  RawFormat raw = RawFormat::kI64;
  std::string unsupported;  // a whole sentence why this column cannot be read; empty when it can
  bool nullable = false;
  std::optional<StatedRange> range;  // over all row groups, where every one states it
  u64 stored_bytes = 0;              // in the file, compressed
};

struct RowGroup {
  u64 first_row = 0;
  u64 rows = 0;
};

// The next rows of one column, in file order. The spans are valid until the decoder's next call.
struct ColumnSlice {
  u32 rows = 0;
  std::span<const std::byte> values;  // rows x raw_size_bytes, little-endian; 0 where null
  std::span<const u32> validity;      // bit i of word i/32: row i is not null; empty when none is null
  u32 null_count = 0;
};

// Needs: call again with the bytes of that range of the file. Done: all rows of the row group were given.
struct NeedBytes {
  ByteRange range;
};
struct Done {};
using DecodeStep = std::variant<NeedBytes, ColumnSlice, Done>;

class ColumnDecoder {
 public:
  virtual ~ColumnDecoder() = default;
  // `bytes`: what the last NeedBytes asked for (it stays valid until the call after the one that asks for
  // more); empty on every other call. A slice has at most kMostSliceRows rows.
  virtual Result<DecodeStep> next(std::span<const std::byte> bytes) = 0;
  static constexpr u32 kMostSliceRows = 1u << 16;
};

class ChunkSource {
 public:
  virtual ~ChunkSource() = default;
  virtual std::span<const SourceColumn> columns() const = 0;
  virtual std::span<const RowGroup> row_groups() const = 0;
  virtual u64 rows() const = 0;
  // The bytes of the file that decoding this column of this row group will read at most (to prefetch).
  virtual ByteRange stored_range(size_t row_group, size_t column) const = 0;
  // A string column needs its dictionary, which must outlive the decoder; decoders of one column run one after
  // the other, decoders of different columns may run on different threads.
  virtual Result<std::unique_ptr<ColumnDecoder>> decode(size_t row_group, size_t column,
                                                        Dictionary* dictionary) const = 0;
};

}  // namespace shoal::table
