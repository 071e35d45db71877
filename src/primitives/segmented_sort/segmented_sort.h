// Stable sort within each segment of an array, where offsets say where segments begin and end.
#pragma once

#include "primitives/sort/sort.h"

namespace shoal::primitives {

struct SegmentedSort {
  SortOptions options = {};
  gpu::View keys = {};  // count elements
  gpu::Count count = {};
  gpu::View offsets = {};  // u32, segment_count + 1 that do not fall: segment i is offsets[i] up to offsets[i + 1]
  gpu::Count segment_count = {};
  gpu::View sorted_keys = {};  // as many as keys
  gpu::View values = {};       // a word a key, the number of its row, say
  gpu::View sorted_values = {};
  bool is_descending = false;
  gpu::View scratch = {};
};

Result<bool> prepare_segmented_sort(gpu::Device& device, const SortOptions& options);

u64 segmented_sort_scratch_bytes(const gpu::Device& device, const SortOptions& options, u32 most_elements);

// Appends the sort of each segment. Rows before the first offset, and those from the last one on, are a segment
// each. Stable and the same on every run, and as fast whatever the lengths: all elements are sorted at once, by key
// and then by segment. Keys of one word alone move 20 bytes for each 8 bits (4 where the device has no subgroups)
// of them and of the number of segments: a million segments take 7 passes for sort's 4. With values, and where keys
// have two words, the rows' numbers are sorted, and 16 bytes and what is gathered come on top. Errors:
// kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> segmented_sort(gpu::Frame& frame, const SegmentedSort& args);

}  // namespace shoal::primitives
