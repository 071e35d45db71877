// Numbers packed bit by bit, each into a word.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

struct Unpack {
  gpu::View packed = {};  // count times `bits` bits, the lowest of each word first, ended at a multiple of 16 bytes
  u32 bits = 8;           // of a number, 1 to 32
  gpu::Count count = {};
  gpu::View result = {};  // u32, count of them
};

Result<bool> prepare_unpack(gpu::Device& device);

// Appends the numbers. One dispatch, no scratch; 4 bytes a number and its bits. Errors: kInvalidArgument,
// kUnsupported as Arguments::check says.
Result<void> unpack(gpu::Frame& frame, const Unpack& args);

}  // namespace shoal::primitives
