// Random numbers that depend on nothing but seed, stream and position.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

struct RandomNumbers {
  u64 seed = 0, stream = 0;
  u64 first_quad = 0;       // word i is that of position 4 * first_quad + i
  bool are_floats = false;  // f32 in [0, 1), multiples of 2^-24; else u32
  gpu::Count count = {};
  gpu::View result = {};  // count words
};

Result<bool> prepare_random_numbers(gpu::Device& device);

// Appends the words of Philox 4x32-10. One dispatch, no scratch; 4 bytes a word. The same on every adapter.
// sample_rows and bernoulli_rows draw rows by them. Errors: kInvalidArgument, kUnsupported as Arguments::check
// says.
Result<void> random_numbers(gpu::Frame& frame, const RandomNumbers& args);

}  // namespace shoal::primitives
