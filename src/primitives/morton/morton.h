// Morton codes of points on a grid: sorted by them, neighbours in the plane or in space are neighbours in memory.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

struct MortonOptions {
  // Codes of two words, low first, for coordinates of 32 bits, or of 21 where there are three. Else codes of one
  // word for coordinates of 16 bits, or of 10. Coordinates are u32 whose upper bits do not count.
  bool is_wide = false;
  bool has_z = false;
};

struct Morton {
  MortonOptions options = {};
  gpu::View xs = {}, ys = {}, zs = {};  // u32, count of each; decoding writes them
  gpu::Count count = {};
  gpu::View codes = {};
};

Result<bool> prepare_morton(gpu::Device& device, const MortonOptions& options);

// Appends codes[i] from the bits of xs[i], ys[i] and, where asked, zs[i] in turn, x lowest. One dispatch, no
// scratch; 12 bytes a point, 4 more where wide, and 4 more with z. Errors: kInvalidArgument, kUnsupported as
// Arguments::check says. All are bound for writing: they may lie in one buffer, but apart.
Result<void> morton_encode(gpu::Frame& frame, const Morton& args);

// Appends coordinates from codes.
Result<void> morton_decode(gpu::Frame& frame, const Morton& args);

}  // namespace shoal::primitives
