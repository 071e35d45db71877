// For tests: decodes a column of a source whose file is in memory.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "formats/parquet/parquet_source.h"
#include "table/chunk_source.h"

namespace shoal::formats {

struct AllRows {
  std::vector<std::byte> values;
  std::vector<u8> validity;  // a byte a row
  u64 nulls = 0;
  u64 requests = 0;  // NeedBytes
};

inline Result<std::unique_ptr<table::ChunkSource>> open_bytes(std::span<const std::byte> file,
                                                              const ParquetOptions& options = {}) {
  ParquetOpener opener("test.parquet", file.size(), options);
  std::span<const std::byte> asked;
  while (true) {
    SHOAL_TRY_SET(auto step, opener.next(asked));
    const auto* need = std::get_if<table::NeedBytes>(&step);
    if (need == nullptr) return std::get<std::unique_ptr<table::ChunkSource>>(std::move(step));
    asked = file.subspan(static_cast<size_t>(need->range.offset), static_cast<size_t>(need->range.size));
  }
}

inline Result<AllRows> read_all(const table::ChunkSource& source, std::span<const std::byte> file, size_t column,
                                table::Dictionary& dictionary) {
  AllRows all;
  for (size_t group = 0; group < source.row_groups().size(); ++group) {
    SHOAL_TRY_SET(const auto decoder, source.decode(group, column, &dictionary));
    // A copy that dies with the next request, as the contract allows: a sanitizer sees what is held too long.
    std::vector<std::byte> at_hand;
    std::span<const std::byte> bytes;
    for (bool is_done = false; !is_done;) {
      SHOAL_TRY_SET(const auto step, decoder->next(bytes));
      bytes = {};
      if (const auto* need = std::get_if<table::NeedBytes>(&step)) {
        const auto asked =
            file.subspan(static_cast<size_t>(need->range.offset), static_cast<size_t>(need->range.size));
        at_hand = std::vector<std::byte>(asked.begin(), asked.end());
        bytes = at_hand;
        ++all.requests;
      } else if (const auto* slice = std::get_if<table::ColumnSlice>(&step)) {
        all.values.insert(all.values.end(), slice->values.begin(), slice->values.end());
        for (u32 row = 0; row < slice->rows; ++row) {
          const bool is_valid = slice->validity.empty() || (slice->validity[row / 32] >> (row % 32) & 1) != 0;
          all.validity.push_back(is_valid ? 1 : 0);
        }
        all.nulls += slice->null_count;
      } else {
        is_done = true;
      }
    }
  }
  return all;
}

}  // namespace shoal::formats
