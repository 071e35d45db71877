// What each segment of an array combines to, where offsets say where segments begin and end.
#pragma once

#include "primitives/scan/scan.h"

namespace shoal::primitives {

struct SegmentedReduce {
  ScanOptions options = {};  // its monoid has no bindings
  gpu::View values = {};
  gpu::Count count = {};   // of values
  gpu::View offsets = {};  // u32, segment_count + 1 that do not fall: segment i is offsets[i] up to offsets[i + 1]
  gpu::Count segment_count = {};
  gpu::View result = {};  // an element a segment; the identity where it has none
  gpu::View scratch = {};
};

Result<bool> prepare_segmented_reduce(gpu::Device& device, const ScanOptions& options);

u64 segmented_reduce_scratch_bytes(const gpu::Device& device, const ScanOptions& options, u32 most_elements);

// Appends the combination of each segment. Balanced whatever the lengths: values are dealt out without regard to
// segments, and segments without regard to values. Six dispatches; 8 bytes a value of one word, and 12 and a search
// of each segment. Exactness as scan's. Errors: kInvalidArgument, kUnsupported as Arguments::check says. Values
// must reach to the last offset.
Result<void> segmented_reduce(gpu::Frame& frame, const SegmentedReduce& args);

}  // namespace shoal::primitives
