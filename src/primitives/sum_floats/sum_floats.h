// The exact sum of an array of floats, rounded once.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/sum_floats/round_sum_layout.gen.h"

namespace shoal::primitives {

struct SumFloats {
  gpu::View values = {};  // f32, count of them
  gpu::Count count = {};
  gpu::View result = {};  // one RoundedSum
  gpu::View scratch = {};
};

Result<bool> prepare_sum_floats(gpu::Device& device);

u64 sum_floats_scratch_bytes();

// Appends the sum, by the rules of IEEE 754 for NaN and infinities: the f64 and the f32 nearest to it, ties to
// even, the same on every run and adapter. Four dispatches; 4 bytes an element. Errors: kInvalidArgument,
// kUnsupported as Arguments::check says.
Result<void> sum_floats(gpu::Frame& frame, const SumFloats& args);

}  // namespace shoal::primitives
