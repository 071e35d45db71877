// Stable radix sort of keys, alone or with a word each that goes along.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct SortOptions {
  // Floats stand in their total order: -0 before 0, every NaN behind all numbers.
  ElementType type = ElementType::kU32;
  bool has_values = false;
};

struct Sort {
  SortOptions options = {};
  gpu::View keys = {};  // count elements
  gpu::Count count = {};
  gpu::View sorted_keys = {};  // as many
  gpu::View values = {};       // a word a key, the number of its row, say
  gpu::View sorted_values = {};
  bool is_descending = false;  // the reverse order; equal keys keep theirs all the same
  // Only these bits of a key decide, of its unsigned image where it is signed or a float. end_bit 0: all of them.
  u32 begin_bit = 0, end_bit = 0;
  gpu::View scratch = {};
};

Result<bool> prepare_sort(gpu::Device& device, const SortOptions& options);

u64 sort_scratch_bytes(const gpu::Device& device, const SortOptions& options, u32 most_elements);

// Appends the sort. A pass for every 8 bits that decide (4 where the device has no subgroups), each of four
// dispatches; it moves 12 bytes a key of one word, 24 a wide one, and 8 with values. The same on every run. Errors:
// kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> sort(gpu::Frame& frame, const Sort& args);

}  // namespace shoal::primitives
