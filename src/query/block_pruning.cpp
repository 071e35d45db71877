#include "query/block_pruning.h"

#include <algorithm>

#include "query/chunk_bindings.h"

namespace shoal::query {
namespace {

bool may_pass(const table::Table& table, const CompiledFilter& filter, size_t chunk, u32 block) {
  if (filter.passes == Passes::kNone) return false;
  for (size_t k = 0; k < filter.columns.size(); ++k) {
    const CodeBounds& bounds = filter.bounds[k];
    if (bounds.null_may_pass) continue;
    const table::Column& column = table.columns()[filter.columns[k]];
    const table::StoredColumn& stored = column.chunks[chunk];
    const auto [first, last] = stored.zone_codes[block];
    if (first > last) return false;  // all null
    if (column_code(column.space, stored, first) > bounds.last) return false;
    if (column_code(column.space, stored, last) < bounds.first) return false;
  }
  return true;
}

}  // namespace

BlocksToRead prune_blocks(const table::Table& table, const CompiledFilter& filter) {
  BlocksToRead read;
  for (size_t chunk = 0; chunk < table.chunks().size(); ++chunk) {
    const table::ChunkRows& rows = table.chunks()[chunk];
    const u32 first_block = read.blocks, end_block = first_block + rows.blocks();
    read.bits.resize(divide_round_up(end_block, 32u));
    bool is_read = false;
    for (u32 block = 0; block < rows.blocks(); ++block) {
      if (!may_pass(table, filter, chunk, block)) continue;
      const u32 bit = first_block + block;
      read.bits[bit / 32] |= 1u << (bit % 32);
      read.rows += std::min(rows.rows - block * table::kRowsPerBlock, table::kRowsPerBlock);
      is_read = true;
    }
    if (!is_read) continue;
    read.chunks.push_back({chunk, first_block});
    read.blocks = end_block;
  }
  return read;
}

}  // namespace shoal::query
