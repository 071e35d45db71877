// The values of a page, nulls aside: PLAIN or indices into the column chunk's dictionary page.
#pragma once

#include <span>
#include <vector>

#include "base/int.h"
#include "base/result.h"
#include "formats/parquet/file_metadata.h"
#include "formats/parquet/index_reader.h"
#include "table/dictionary.h"

namespace shoal::formats::parquet {

// How the values of a column lie in the file. What is handed on: 4 or 8 bytes as they are, an INT96 as
// nanoseconds in 8 bytes, a boolean as a u32, a string as its u32 code in the column's table::Dictionary.
enum class ValueKind : u8 { kFixed4, kFixed8, kInt96, kBoolean, kString };
ValueKind value_kind(PhysicalType physical);
constexpr u32 raw_bytes(ValueKind kind) { return kind == ValueKind::kFixed8 || kind == ValueKind::kInt96 ? 8 : 4; }

// A column chunk's dictionary page. Its strings get their code when a row first uses them: entries that no row
// uses never enter the column's dictionary.
class PageDictionary {
 public:
  // `bytes` must outlive this object or the next call. Errors: kCorrupt, a phrase.
  Result<void> load(ValueKind kind, std::span<const u8> bytes, u32 entries);
  void clear() { entries_ = 0; }

  u32 entries() const { return entries_; }
  const u8* fixed() const { return fixed_; }
  u32* codes() { return codes_.data(); }
  std::string_view text(u32 entry) const;
  static constexpr u32 kNoCode = ~0u;

 private:
  Result<void> load_strings(std::span<const u8> bytes);

  u32 entries_ = 0;
  const u8* fixed_ = nullptr;
  std::span<const u8> bytes_;
  std::vector<u64> timestamps_;  // INT96 in 8 bytes
  std::vector<u32> begins_;      // strings: where each begins in bytes_, behind its length
  std::vector<u32> codes_;
};

class PageValues {
 public:
  PageValues() = default;
  // `bytes`: the page behind its levels; must outlive the object. Errors: kCorrupt, a phrase.
  static Result<PageValues> plain(ValueKind kind, std::span<const u8> bytes);
  static Result<PageValues> rle_booleans(std::span<const u8> bytes);
  static Result<PageValues> indices(ValueKind kind, std::span<const u8> bytes);

  // The next `count` values, raw_bytes(kind) each. Errors: kCorrupt, a phrase; what Dictionary::insert gives.
  Result<void> read(u32 count, std::byte* out, PageDictionary& page_dictionary, table::Dictionary* dictionary);

  // The page holds no value more than was read.
  bool is_spent() { return bytes_.empty() && indices_.is_spent(); }

  // PLAIN values that can be handed on where they lie.
  bool is_direct() const { return !is_indexed_ && (kind_ == ValueKind::kFixed4 || kind_ == ValueKind::kFixed8); }
  Result<std::span<const std::byte>> read_direct(u32 count);

 private:
  Result<std::span<const u8>> take(u64 size);
  Result<void> read_booleans(u32 count, u32* out);
  Result<void> read_strings(u32 count, u32* out, table::Dictionary& dictionary);

  ValueKind kind_ = ValueKind::kFixed4;
  bool is_indexed_ = false;
  std::span<const u8> bytes_;  // PLAIN: what is left
  IndexReader indices_;        // indices and booleans
};

}  // namespace shoal::formats::parquet
