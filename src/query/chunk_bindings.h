// How the columns of one chunk are bound to a kernel over rows: table/columns.wgsl's group 1.
#pragma once

#include <array>
#include <span>

#include "gpu/device.h"
#include "table/columns_layout.gen.h"
#include "table/table.h"

namespace shoal::query {

inline constexpr size_t kMostPassColumns = std::tuple_size_v<decltype(table::Chunk::columns)>;
inline constexpr u64 kChunkStride = 256;  // of descriptors in a buffer: a dynamic offset's alignment

// Columns by slot, at most kMostPassColumns.
table::Chunk describe_chunk(const table::Table& table, std::span<const size_t> columns, size_t chunk);

// The group's views. `chunks`: the buffer of descriptors.
using ChunkViews = std::array<gpu::View, 1 + kMostPassColumns>;
ChunkViews chunk_views(const gpu::Device& device, const table::Table& table, std::span<const size_t> columns,
                       size_t chunk, u32 chunks);

// The column code of a stored code, as columns.wgsl leads from one to the other.
u64 column_code(const table::CodeSpace& space, const table::StoredColumn& stored, u64 stored_code);

}  // namespace shoal::query
