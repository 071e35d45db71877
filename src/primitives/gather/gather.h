// Elements taken from where indices say, or put there.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct GatherOptions {
  ElementType type = ElementType::kU32;
};

struct Gather {
  GatherOptions options = {};
  gpu::View indices = {};  // u32, count of them
  gpu::Count count = {};
  // Gather: elements that indices name, and count results. Scatter: count elements, and places that indices name.
  gpu::View values = {};
  gpu::View result = {};
};

Result<bool> prepare_gather(gpu::Device& device, const GatherOptions& options);
Result<bool> prepare_scatter(gpu::Device& device, const GatherOptions& options);

// Appends result[i] = values[indices[i]]; 0 where the index is past the end of `values`. One dispatch, no scratch,
// 12 bytes an element of one word. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> gather(gpu::Frame& frame, const Gather& args);

// Appends result[indices[i]] = values[i]; nothing where the index is past the end of `result`. Which of several
// elements with one index stays is not said. Otherwise as gather.
Result<void> scatter(gpu::Frame& frame, const Gather& args);

}  // namespace shoal::primitives
