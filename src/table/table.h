// A table on the GPU: the columns asked for so far, as chunks of codes in slabs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gpu/recorder.h"
#include "table/chunk_plan.h"
#include "table/chunk_source.h"
#include "table/code_space.h"

namespace shoal::table {

// How a stored code becomes a value: as in columns_storage.wgsl.
enum class Storage : u32 { kU8 = 8, kU16 = 16, kU32 = 32, kU64 = 64, kF32OfF64 = 33 };
constexpr u32 storage_size_bytes(Storage storage) {
  return storage == Storage::kF32OfF64 ? 4 : static_cast<u32>(storage) / 8;
}

// One column of one chunk. Integers, dates, timestamps, booleans and string codes: value = base + code x divisor.
// Floats: the code is the image of the f32 or f64.
struct StoredColumn {
  Storage storage = Storage::kU8;
  i128 base = 0;
  u64 divisor = 1;
  u64 last_code = 0;  // codes are 0 to last_code, or first_code to last_code for floats
  u64 first_code = 0;
  u64 first_finite_code = 1, last_finite_code = 0;  // floats, NaN and infinities aside
  u32 null_count = 0;
  bool has_values = false;           // some row is not null
  gpu::View codes, validity, zones;  // validity.size_bytes is 0 where no row is null
  std::vector<std::pair<u64, u64>>
      zone_codes;  // per block the smallest and largest stored code; first > second: all null

  u64 size_bytes() const { return codes.size_bytes + validity.size_bytes + zones.size_bytes; }
};

struct Column {
  SourceColumn source;
  std::unique_ptr<Dictionary> dictionary;  // strings
  std::vector<StoredColumn> chunks;        // the first `chunks.size()` chunks are in
  CodeSpace space;                         // over those
};

class Table {
 public:
  // The source must outlive the table. Errors: those of plan_chunks.
  static Result<Table> plan(const ChunkSource& source, u32 most_strings);

  const ChunkSource& source() const { return *source_; }
  std::span<const ChunkRows> chunks() const { return chunks_; }
  std::span<const Column> columns() const { return columns_; }
  u64 rows() const { return source_->rows(); }
  u64 size_bytes() const;  // on the GPU

  // The column of that name. Errors: kNotFound with the nearest name, kUnsupported with the source's reason.
  Result<size_t> find(std::string_view name) const;

  // Strings that the column's next chunks use, in code order. Errors: kUnsupported past the table's most.
  Result<void> add_strings(size_t column, std::span<const std::string> strings);
  // The next chunk of that column is in; its code space is worked out anew.
  void add(size_t column, StoredColumn stored);

 private:
  const ChunkSource* source_ = nullptr;
  std::vector<ChunkRows> chunks_;
  std::vector<Column> columns_;
};

// How the stored codes of a chunk become the codes of its column: multiplier and bias, modulo 2^64.
struct CodeMapping {
  u64 multiplier = 1;
  u64 bias = 0;
};
CodeMapping map_codes(const CodeSpace& space, const StoredColumn& stored);

}  // namespace shoal::table
