// What a test keeps, moved together in order: select_if, partition, count_if.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/selection/selection.h"

namespace shoal::primitives {

struct CompactOptions {
  Selection keep = {};
  bool has_values = true;  // elements are moved
  bool has_rows = false;   // numbers of rows are written
  ElementType type = ElementType::kU32;
};

struct Compact {
  CompactOptions options = {};
  std::span<const gpu::View> keep_views = {};  // what `keep` reads, by binding number
  gpu::Count count = {};
  gpu::View values = {};      // count elements
  gpu::View result = {};      // as many; those kept come first, what lies behind stays as it is
  gpu::View rows = {};        // u32, as many
  gpu::View kept_count = {};  // one u32
  gpu::View scratch = {};
};

Result<bool> prepare_compact(gpu::Device& device, const CompactOptions& options);
Result<bool> prepare_partition(gpu::Device& device, const CompactOptions& options);

u64 compact_scratch_bytes(const gpu::Device& device, u32 most_elements);

// Appends the kept elements, or their rows, in their order. Moves each kept element, and what the test reads: once
// on GPUs, in two dispatches, else twice, in three. The same on every run, and no workgroup depends on another's
// progress. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> compact(gpu::Frame& frame, const Compact& args);

// The same, and all others behind them, in their order too.
Result<void> partition(gpu::Frame& frame, const Compact& args);

struct CountIf {
  Selection keep = {};
  std::span<const gpu::View> keep_views = {};
  gpu::Count count = {};
  gpu::View result = {};   // one u32
  gpu::View scratch = {};  // compact_scratch_bytes
};

Result<bool> prepare_count_if(gpu::Device& device, const Selection& keep);

// Appends how many rows the test keeps. Two dispatches; moves what the test reads. Errors: as compact's.
Result<void> count_if(gpu::Frame& frame, const CountIf& args);

}  // namespace shoal::primitives
