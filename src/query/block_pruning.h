// Which blocks of a table a filter has to read, by their zone maps.
#pragma once

#include <vector>

#include "query/filter.h"
#include "table/table.h"

namespace shoal::query {

struct ChunkToRead {
  size_t chunk = 0;
  u32 first_block = 0;  // blocks of the chunks to read before this one
};

struct BlocksToRead {
  std::vector<ChunkToRead> chunks;  // that have such a block
  u32 blocks = 0;                   // of those chunks
  std::vector<u32> bits;            // a bit for each of them: it has to be read
  u64 rows = 0;                     // in blocks that have to be read
};

// Exact zone maps are asked, so a block that is left out has no row that passes. The filter's columns are in.
BlocksToRead prune_blocks(const table::Table& table, const CompiledFilter& filter);

}  // namespace shoal::query
