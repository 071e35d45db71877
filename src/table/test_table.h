// For tests: columns made of values, and a table of them on the GPU.
#pragma once

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "gpu/native/native_gpu.h"
#include "table/ingest.h"
#include "table/memory_source.h"

namespace shoal::table {

template <class T>
MemoryColumn column_of(std::string name, ColumnType type, RawFormat raw, const std::vector<T>& values) {
  MemoryColumn column{
      .name = std::move(name), .type = type, .raw = raw, .values = {}, .is_null = {}, .strings = {}};
  column.values.resize(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(column.values.data(), values.data(), column.values.size());
  return column;
}

inline MemoryColumn integers(std::string name, const std::vector<i64>& values) {
  return column_of(std::move(name), {.kind = TypeKind::kInteger}, RawFormat::kI64, values);
}

inline MemoryColumn doubles(std::string name, const std::vector<double>& values) {
  return column_of(std::move(name), {.kind = TypeKind::kFloat}, RawFormat::kF64, values);
}

inline MemoryColumn strings(std::string name, std::vector<std::string> values) {
  return {.name = std::move(name),
          .type = {.kind = TypeKind::kString},
          .raw = RawFormat::kU32,
          .values = {},
          .is_null = {},
          .strings = std::move(values)};
}

// Hears what the adapter has to say. A fatal failure when that is an error.
inline void pump(gpu::NativeGpu& gpu) {
  const auto pumped = gpu.pump(true);
  ASSERT_TRUE(pumped) << pumped.error().message();
}

// Brings all columns of `source` into `table`, which was planned from it.
inline void ingest_all(gpu::NativeGpu& gpu, const MemorySource& source, Table& table) {
  constexpr u32 kMostStrings = 1u << 20;
  Ingest ingest(gpu.device(), table, 3);
  const auto advance = [&] {
    const auto advanced = ingest.advance();
    ASSERT_TRUE(advanced) << advanced.error().message();
    pump(gpu);
  };
  for (size_t c = 0; c < source.columns().size(); ++c) {
    ColumnReader reader(source, table.chunks(), c, kMostStrings);
    while (!reader.is_done()) {
      while (!ingest.has_room()) ASSERT_NO_FATAL_FAILURE(advance());
      RawPiece piece = ingest.spare_piece();
      const auto need = reader.next(piece, {});
      ASSERT_TRUE(need && !*need);
      ASSERT_TRUE(ingest.take(std::move(piece)));
    }
  }
  while (!ingest.is_idle()) ASSERT_NO_FATAL_FAILURE(advance());
}

}  // namespace shoal::table
