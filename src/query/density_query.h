// Counts the rows of a table into a picture's bins, chunk by chunk, filtered: one pass that reads each column once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gpu/device.h"
#include "query/axis_bins.h"
#include "query/filter.h"
#include "table/table.h"

namespace shoal::query {

struct DensityPlan {
  size_t x = 0, y = 0;  // columns of the table
  BinEdges x_bins, y_bins;
  CompiledFilter filter;
};

// What became of the rows that were visited.
struct DensityTally {
  u64 drawn = 0;    // fell into a bin
  u64 null = 0;     // passed the filter, but x or y is null
  u64 outside = 0;  // passed, but fell outside every bin
  u64 read = 0;     // lie in blocks that the zone maps did not rule out
};

class DensityQuery {
 public:
  // Takes a plan and starts compiling what it needs; the counts begin anew. Errors: kUnsupported when the plan
  // reads more columns than a kernel binds, or has more bins than a binding.
  Result<void> begin(gpu::Device& device, const table::Table& table, DensityPlan plan);
  // The same plan after a column's code space has moved: counts stay, what is counted from now on uses the new
  // codes.
  Result<void> follow(gpu::Device& device, const table::Table& table, DensityPlan plan);

  // Whether record() may be called: the kernel is compiled.
  bool is_ready() const { return kernel_ != nullptr && kernel_->is_ready(); }
  // Chunks that have been counted, and chunks whose columns are all in the table.
  size_t counted_chunks() const { return counted_chunks_; }
  size_t available_chunks(const table::Table& table) const;

  // Counts the chunks that are available and not yet counted.
  void record(gpu::Frame& frame, const table::Table& table);

  // bins_x x bins_y counts in rows from the low end of y up, then the tally's four words.
  gpu::View counts() const { return counts_.first((u64{bin_count()} + 4) * 4); }
  gpu::View tally() const { return {counts_.all().buffer, u64{bin_count()} * 4, 16}; }
  // To bind the counts: what follows them is free, so that the binding stays while the number of bins changes.
  gpu::View counts_and_beyond() const { return counts_.all(); }
  static DensityTally read_tally(std::span<const std::byte> bytes);
  u32 bins_x() const { return plan_.x_bins.bin_count; }
  u32 bins_y() const { return plan_.y_bins.bin_count; }
  u32 bin_count() const { return bins_x() * bins_y(); }
  const DensityPlan& plan() const { return plan_; }
  const std::vector<size_t>& columns() const { return columns_; }
  u32 dispatches() const { return dispatches_; }  // since begin()

 private:
  Result<void> compile(gpu::Device& device, const table::Table& table, DensityPlan plan);
  void write_tables(gpu::Device& device, const table::Table& table);
  void write_chunks(gpu::Device& device, const table::Table& table, size_t first, size_t last);
  bool may_pass(const table::Table& table, size_t chunk) const;

  DensityPlan plan_;
  std::vector<size_t> columns_;  // by slot: x, y, then the filter's others
  std::vector<bool> wide_;       // of the slots, as the kernel was compiled
  const gpu::Kernel* kernel_ = nullptr;
  gpu::GrowingBuffer counts_{"density counts",
                             gpu::BufferUsage::kStorage | gpu::BufferUsage::kCopySrc | gpu::BufferUsage::kCopyDst};
  gpu::GrowingBuffer words_{"query words", gpu::BufferUsage::kStorage | gpu::BufferUsage::kCopyDst};
  gpu::GrowingBuffer chunks_{"query chunks", gpu::BufferUsage::kUniform | gpu::BufferUsage::kCopyDst};
  u32 params_ = 0, density_params_ = 0;
  size_t counted_chunks_ = 0;
  bool clear_ = false;
  u32 dispatches_ = 0;
};

}  // namespace shoal::query
