// How a table's rows are cut into chunks: the same cut for every column.
#pragma once

#include <span>
#include <vector>

#include "table/chunk_source.h"

namespace shoal::table {

inline constexpr u32 kRowsPerBlock = 4096;  // a zone map has one entry a block; as in primitives/blocks.wgsl
inline constexpr u32 kMostChunkRows = 1u << 19;

struct ChunkRows {
  u64 first_row = 0;
  u32 rows = 0;
  u32 first_block = 0;  // blocks of all chunks before

  u32 blocks() const { return divide_round_up(rows, kRowsPerBlock); }
};

// Row groups are joined while they are small and cut evenly where they are large, so that a chunk is worth a
// dispatch and the first one is soon there. Errors: kUnsupported above 2^32 - 2^20 rows.
Result<std::vector<ChunkRows>> plan_chunks(std::span<const RowGroup> row_groups);

}  // namespace shoal::table
