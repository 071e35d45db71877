// Parquet's hybrid of run-length encoding and bit packing, which holds dictionary indices, definition levels and
// booleans: a sequence of runs, each one value repeated or a stretch of bit-packed values.
#pragma once

#include <span>

#include "base/int.h"

namespace shoal {

// Where a reader of runs stands. `left` values of the run in hand are not consumed yet.
class HybridRuns {
 public:
  HybridRuns() = default;
  HybridRuns(std::span<const u8> bytes, u32 width) : bytes_(bytes), width_(width) {}

  // A single bit-packed run without a header: PLAIN booleans, BIT_PACKED levels.
  static HybridRuns packed(std::span<const u8> bytes, u32 width);

  // Goes to the next run that is not empty; false when there is none. Only when left() is 0.
  bool next_run();

  u64 left() const { return left_; }
  u32 width() const { return width_; }
  bool is_repeated() const { return is_repeated_; }
  u32 repeated_value() const { return repeated_value_; }
  // The packed bytes of the run in hand, and how many of its values were consumed.
  std::span<const u8> packed_bytes() const { return packed_; }
  u64 consumed() const { return consumed_; }
  // Nothing is left but what fills up the last packed run: to a group of eight as the format says, to more in files
  // that DuckDB writes.
  bool is_spent() { return (left_ == 0 && !next_run()) || (!is_repeated_ && bytes_.empty()); }
  void consume(u64 values) {
    left_ -= values;
    consumed_ += values;
  }

 private:
  std::span<const u8> bytes_;  // behind the run in hand
  std::span<const u8> packed_;
  u32 width_ = 0;
  u32 repeated_value_ = 0;
  u64 left_ = 0;
  u64 consumed_ = 0;
  bool is_repeated_ = true;
};

}  // namespace shoal
