// Two sorted arrays into one.
#pragma once

#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct MergeOptions {
  ElementType type = ElementType::kU32;  // floats in the total order of sort
  bool has_values = false;               // a word goes along with each key
};

struct Merge {
  MergeOptions options = {};
  gpu::View a_keys = {}, b_keys = {};  // sorted
  u32 a_count = 0, b_count = 0;        // both together as many as a call can have
  gpu::View merged_keys = {};          // a_count + b_count
  gpu::View a_values = {}, b_values = {}, merged_values = {};
  bool is_descending = false;  // the order of all three
};

Result<bool> prepare_merge(gpu::Device& device, const MergeOptions& options);

// Appends the merged array: stable, of equal keys those of `a` first. One dispatch, no scratch; 8 bytes a key of
// one word, 8 more with values. The same on every run. Errors: kInvalidArgument, kUnsupported as Arguments::check
// says.
Result<void> merge(gpu::Frame& frame, const Merge& args);

}  // namespace shoal::primitives
