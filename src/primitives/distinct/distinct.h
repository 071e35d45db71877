// How many different elements there are, exactly.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct DistinctOptions {
  ElementType type = ElementType::kU32;  // told apart bit by bit: -0 from 0, and one NaN from another
};

struct CountDistinct {
  DistinctOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View sorted = {};  // as many: the elements, sorted as unsigned integers; `unique` makes one of each of them
  gpu::View result = {};  // one u32
  gpu::View scratch = {};
};

Result<bool> prepare_count_distinct(gpu::Device& device, const DistinctOptions& options);

u64 count_distinct_scratch_bytes(const gpu::Device& device, const DistinctOptions& options, u32 most_elements);

// Appends a sort and a count of where runs begin: what sort moves, and 4 bytes an element of one word. The same on
// every run. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> count_distinct(gpu::Frame& frame, const CountDistinct& args);

}  // namespace shoal::primitives
