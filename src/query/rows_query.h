// The first rows that pass a filter, in the order of the table, gathered on the GPU.
#pragma once

#include <string>
#include <vector>

#include "primitives/element_fold.h"
#include "query/filter_inputs.h"
#include "query/value.h"
#include "table/table.h"

namespace shoal::query {

struct RowsPlan {
  CompiledFilter filter;  // of all where every row passes
  BlocksToRead read;
  std::vector<size_t> columns;  // of the result, at least one
  u32 limit = 0;                // most rows of the result, at least 1
};

struct RowsResult {
  std::vector<std::vector<Value>> rows;  // a value for each column; texts are views into the table's dictionaries
  u64 rows_passed = 0;                   // of all rows, those beyond the limit too
};

class RowsQuery {
 public:
  static constexpr u32 kMostRows = 1u << 20;

  // Takes a plan that reads some block, and starts compiling what it needs. All its columns are in the table.
  // Errors: kUnsupported when the filter reads more columns than a kernel binds, or the result does not fit a
  // binding; those of wgsl::splice.
  Result<void> begin(gpu::Device& device, const table::Table& table, RowsPlan plan);
  // Whether record() may be called: all kernels are compiled.
  bool is_ready(const gpu::Device& device) const { return !device.kernels.is_compiling(); }

  // For each chunk marks, compacts and takes the rows that pass. What results() shows then is for finish().
  Result<void> record(gpu::Frame& frame, const table::Table& table);
  gpu::View results() const { return results_.first(result_bytes_); }
  // Errors: kDevice where the results are not whole.
  Result<RowsResult> finish(const table::Table& table, std::span<const std::byte> results) const;

 private:
  // Columns of the result that one dispatch takes, by slot.
  struct Take {
    std::vector<size_t> columns;
    u32 first_word = 0, valid_word = 0;  // of the results
  };
  Result<void> place_results(const gpu::Device& device);
  Result<void> request_kernels(gpu::Device& device, const table::Table& table);
  void write_inputs(gpu::Device& device, const table::Table& table);
  size_t descriptor_at(size_t read_chunk, size_t take) const;
  Result<void> record_chunk(gpu::Frame& frame, const table::Table& table, size_t read_chunk);

  RowsPlan plan_;
  std::vector<Take> takes_;
  primitives::ElementFold mark_;
  const gpu::Kernel* take_kernel_ = nullptr;
  const gpu::Kernel* count_kernel_ = nullptr;
  FilterInputs inputs_;
  gpu::GrowingBuffer params_{"rows params", gpu::BufferUsage::kUniform | gpu::BufferUsage::kCopyDst};
  gpu::GrowingBuffer chunks_{"rows chunks", gpu::BufferUsage::kUniform | gpu::BufferUsage::kCopyDst};
  gpu::GrowingBuffer marked_{"marked rows", gpu::BufferUsage::kStorage};
  gpu::GrowingBuffer picked_{"picked rows", gpu::BufferUsage::kStorage};
  gpu::GrowingBuffer results_{"taken rows",
                              gpu::BufferUsage::kStorage | gpu::BufferUsage::kCopySrc | gpu::BufferUsage::kCopyDst};
  u64 result_bytes_ = 0;
};

}  // namespace shoal::query
