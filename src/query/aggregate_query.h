// Carries out a plan of aggregates on the GPU: for each measured column one pass over it and the filter's columns.
#pragma once

#include <string>
#include <vector>

#include "primitives/reduce/reduce.h"
#include "query/aggregate_plan.h"
#include "query/aggregate_result.h"
#include "query/filter_inputs.h"

namespace shoal::query {

class AggregateQuery {
 public:
  // Takes a plan that has measures, and starts compiling what they need. All columns of the plan are in the table.
  // Errors: kUnsupported when a pass reads more columns than a kernel binds.
  Result<void> begin(gpu::Device& device, const table::Table& table, AggregatePlan plan);
  // Whether record() may be called: all kernels are compiled.
  bool is_ready(const gpu::Device& device) const { return !device.kernels.is_compiling(); }

  // Folds every measure. What results() shows then is for finish().
  Result<void> record(gpu::Frame& frame, const table::Table& table);
  gpu::View results() const { return results_.first(used_bytes_); }
  AggregateResult finish(const table::Table& table, std::span<const std::byte> results) const;

  u32 dispatches() const { return dispatches_; }  // of the last record(), merges aside

 private:
  // A measure with its kernels' text, and where its results lie.
  struct Pass {
    Measure measure;
    std::vector<size_t> columns;  // by slot
    std::string program;
    bool wide = false;
    bool dense = false;  // every row of the blocks that are read counts
    primitives::ElementFold float_sum, used_codes;
    u64 reduced_at = 0, summed_at = 0, used_at = 0;
    u64 used_bytes = 0;
  };
  Result<void> add_pass(gpu::Device& device, const table::Table& table, const Measure& measure);
  primitives::ElementProgram program(const Pass& pass) const;
  void write_inputs(gpu::Device& device, const table::Table& table);
  Result<void> record_pass(gpu::Frame& frame, const table::Table& table, const Pass& pass, u64 first_descriptor);

  AggregatePlan plan_;
  std::vector<Pass> passes_;
  primitives::Reduce reduce_;  // of one pass after the other, so that they share its states
  FilterInputs inputs_;
  gpu::GrowingBuffer chunks_{"aggregate chunks", gpu::BufferUsage::kUniform | gpu::BufferUsage::kCopyDst};
  gpu::GrowingBuffer results_{"aggregate results",
                              gpu::BufferUsage::kStorage | gpu::BufferUsage::kCopySrc | gpu::BufferUsage::kCopyDst};
  u64 used_bytes_ = 0;  // of the results
  u32 dispatches_ = 0;
};

}  // namespace shoal::query
