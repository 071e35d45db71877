#include "table/chunk_plan.h"

#include <algorithm>

#include "base/text.h"

namespace shoal::table {
namespace {
constexpr u64 kEnoughRows = kMostChunkRows / 4;             // a chunk is not joined with more beyond this
constexpr u64 kMostRows = (u64{1} << 32) - (u64{1} << 20);  // rows are numbered and counted in u32 on the GPU
}  // namespace

Result<std::vector<ChunkRows>> plan_chunks(std::span<const RowGroup> row_groups) {
  std::vector<ChunkRows> chunks;
  u64 first_row = 0, pending = 0;
  u32 first_block = 0;
  const auto close = [&](u64 rows) {
    chunks.push_back({first_row, static_cast<u32>(rows), first_block});
    first_row += rows;
    first_block += chunks.back().blocks();
    pending -= rows;
  };
  for (const RowGroup& group : row_groups) {
    if (group.rows > kMostRows || first_row + pending + group.rows > kMostRows) {
      return fail(ErrorCode::kUnsupported, "The table has more than {} rows. Split the file.",
                  group_thousands(kMostRows));
    }
    if (pending > 0 && pending + group.rows > kMostChunkRows) close(pending);
    pending += group.rows;
    while (pending > kMostChunkRows) {
      const u64 parts = divide_round_up(pending, u64{kMostChunkRows});
      close(std::min(u64{kMostChunkRows}, align_up(divide_round_up(pending, parts), u64{kRowsPerBlock})));
    }
    if (pending >= kEnoughRows) close(pending);
  }
  if (pending > 0) close(pending);
  return chunks;
}

}  // namespace shoal::table
