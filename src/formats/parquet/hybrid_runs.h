// Parquet's hybrid of run-length encoding and bit packing, which holds dictionary indices, definition levels and
// booleans: a sequence of runs, each one value repeated or a stretch of bit-packed values.
#pragma once

#include <span>

#include "base/int.h"

namespace shoal::formats::parquet {

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

// Reads the integers of such a sequence.
class IndexReader {
 public:
  IndexReader() = default;
  explicit IndexReader(HybridRuns runs) : runs_(runs) {}

  // At least one value is at hand afterwards, or false: the sequence has ended.
  bool prepare() { return runs_.left() > 0 || runs_.next_run(); }
  u64 at_hand() const { return runs_.left(); }
  bool is_repeated() const { return runs_.is_repeated(); }
  u32 repeated_value() const { return runs_.repeated_value(); }
  bool is_spent() { return runs_.is_spent(); }
  void consume_repeated(u64 values) { runs_.consume(values); }
  // The next `count` <= at_hand() values of a packed run.
  void unpack(u32* out, size_t count);

 private:
  HybridRuns runs_;
  u32 group_[8] = {};  // the group of 8 that the last call stopped in
};

}  // namespace shoal::formats::parquet
