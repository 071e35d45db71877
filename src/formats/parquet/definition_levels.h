// Definition levels of a flat column: one bit a row, 1 where there is a value. They go straight into the bits
// of ColumnSlice::validity.
#pragma once

#include <optional>

#include "base/hybrid_runs.h"
#include "base/int.h"

namespace shoal::formats::parquet {

// Levels of the legacy BIT_PACKED encoding are packed from the highest bit down; this turns each byte round.
void reverse_bits(std::span<u8> bytes);

class DefinitionLevels {
 public:
  DefinitionLevels() = default;
  explicit DefinitionLevels(HybridRuns runs) : runs_(runs) {}

  // Reads `rows` levels into the bits from `first_bit` on, which are 0 before. The number of values among them;
  // nothing when there are fewer levels.
  std::optional<u32> read(u32* words, u32 first_bit, u32 rows);

  // No level is left but what fills up the last run.
  bool is_spent() { return runs_.is_spent(); }

  // How many rows come next that are all valid, `most` at most.
  u32 valid_ahead(u32 most);
  void pass_valid(u32 rows) { runs_.consume(rows); }

 private:
  HybridRuns runs_;
};

// Sets bits [first, first + count).
void set_bits(u32* words, u32 first, u32 count);

}  // namespace shoal::formats::parquet
