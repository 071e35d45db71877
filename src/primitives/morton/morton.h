// Morton codes of points on a grid: sorted by them, neighbours in the plane are neighbours in memory.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

struct MortonOptions {
  // Coordinates of 32 bits and codes of 64, two words each, low first. Else coordinates of 16 bits, whose upper
  // ones do not count, and codes of 32. Either is a u32.
  bool is_wide = false;
};

struct Morton {
  MortonOptions options = {};
  gpu::View xs = {}, ys = {};  // u32, count of each; decoding writes them
  gpu::Count count = {};
  gpu::View codes = {};
};

Result<bool> prepare_morton(gpu::Device& device, const MortonOptions& options);

// Appends codes[i] from the bits of xs[i] and ys[i] in turn, x lowest. One dispatch, no scratch; 12 bytes a point,
// 16 where wide. Errors: kInvalidArgument, kUnsupported as Arguments::check says. All three are bound for writing:
// they may lie in one buffer, but apart.
Result<void> morton_encode(gpu::Frame& frame, const Morton& args);

// Appends xs and ys from codes.
Result<void> morton_decode(gpu::Frame& frame, const Morton& args);

}  // namespace shoal::primitives
