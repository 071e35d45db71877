// The integers of a sequence of hybrid runs.
#pragma once

#include "base/hybrid_runs.h"

namespace shoal::formats::parquet {

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
