// Where the smallest and the largest element are.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct ArgExtremeOptions {
  ElementType type = ElementType::kU32;
};

struct ArgExtreme {
  ArgExtremeOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View result = {};  // one u32, a row; 0xffffffff where there are no elements
  gpu::View scratch = {};
};

Result<bool> prepare_arg_extreme(gpu::Device& device, const ArgExtremeOptions& options);

u64 arg_extreme_scratch_bytes(const gpu::Device& device, const ArgExtremeOptions& options, u32 most_elements);

// Appends the row of the smallest element, the first of several. -0 is smaller than 0; a NaN is chosen only where
// nothing else is. Two dispatches, 4 bytes an element of one word. The same on every run. Errors: kInvalidArgument,
// kUnsupported as Arguments::check says.
Result<void> argmin(gpu::Frame& frame, const ArgExtreme& args);

// The same of the largest; 0 is larger than -0.
Result<void> argmax(gpu::Frame& frame, const ArgExtreme& args);

}  // namespace shoal::primitives
