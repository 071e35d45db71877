#include "query/chunk_bindings.h"

#include <algorithm>

namespace shoal::query {
namespace {

constexpr u32 kNoOffset = 0xffffffffu;
static_assert(sizeof(table::Chunk) <= kChunkStride);

table::ChunkColumn describe(const table::Column& column, size_t chunk) {
  const table::StoredColumn& stored = column.chunks[chunk];
  const table::CodeMapping mapping = table::map_codes(column.space, stored);
  return {.storage = static_cast<u32>(stored.storage),
          .offset_words = static_cast<u32>(stored.codes.offset_bytes / 4),
          .validity_offset_words =
              stored.validity.size_bytes == 0 ? kNoOffset : static_cast<u32>(stored.validity.offset_bytes / 4),
          .zone_offset_words = static_cast<u32>(stored.zones.offset_bytes / 4),
          .multiplier = {low_word(mapping.multiplier), high_word(mapping.multiplier)},
          .bias = {low_word(mapping.bias), high_word(mapping.bias)}};
}

}  // namespace

table::Chunk describe_chunk(const table::Table& table, std::span<const size_t> columns, size_t chunk) {
  table::Chunk described{.rows = table.chunks()[chunk].rows, .first_block = table.chunks()[chunk].first_block};
  for (size_t slot = 0; slot < columns.size(); ++slot) {
    described.columns[slot] = describe(table.columns()[columns[slot]], chunk);
  }
  return described;
}

ChunkViews chunk_views(const gpu::Device& device, const table::Table& table, std::span<const size_t> columns,
                       size_t chunk, u32 chunks) {
  ChunkViews views;
  views[0] = {chunks, 0, sizeof(table::Chunk)};
  for (size_t slot = 0; slot < kMostPassColumns; ++slot) {
    // Bindings that no slot uses still want a buffer.
    const size_t column = columns[std::min(slot, columns.size() - 1)];
    views[1 + slot] = device.slabs.whole(table.columns()[column].chunks[chunk].codes.buffer);
  }
  return views;
}

u64 column_code(const table::CodeSpace& space, const table::StoredColumn& stored, u64 stored_code) {
  const bool is_float = space.type.kind == table::TypeKind::kFloat;
  if (is_float && space.wide && stored.storage != table::Storage::kU64) {
    const table::CodeSpace narrow{.type = space.type};
    return table::f64_image(table::float_of_code(narrow, stored_code));
  }
  const table::CodeMapping mapping = table::map_codes(space, stored);
  return stored_code * mapping.multiplier + mapping.bias;
}

}  // namespace shoal::query
