// What aggregate_program.wgsl reads of a filter: its words, and which blocks are read.
#pragma once

#include <array>

#include "gpu/growing_buffer.h"
#include "query/block_pruning.h"
#include "query/filter.h"

namespace shoal::query {

class FilterInputs {
 public:
  void write(gpu::Device& device, const CompiledFilter& filter, const BlocksToRead& read);
  // Of the program's group 2.
  std::array<gpu::View, 2> views() const;

 private:
  gpu::GrowingBuffer params_{"filter params", gpu::BufferUsage::kUniform | gpu::BufferUsage::kCopyDst};
  gpu::GrowingBuffer words_{"filter words", gpu::BufferUsage::kStorage | gpu::BufferUsage::kCopyDst};
};

}  // namespace shoal::query
