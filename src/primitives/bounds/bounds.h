// Where many keys belong in a sorted array.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct BoundsOptions {
  ElementType type = ElementType::kU32;  // floats in the total order of sort
};

struct Bounds {
  BoundsOptions options = {};
  gpu::View sorted = {};  // sorted_count elements
  u32 sorted_count = 0;
  bool is_descending = false;  // the order of `sorted`
  gpu::View keys = {};         // count elements, in any order
  gpu::Count count = {};
  gpu::View result = {};  // u32, count of them: 0 to sorted_count
};

Result<bool> prepare_bounds(gpu::Device& device, const BoundsOptions& options);

// Appends the first place at which each key could be put without disturbing the order. One dispatch, no scratch; 8
// bytes a key of one word and its search. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> lower_bound(gpu::Frame& frame, const Bounds& args);

// The last such place.
Result<void> upper_bound(gpu::Frame& frame, const Bounds& args);

}  // namespace shoal::primitives
