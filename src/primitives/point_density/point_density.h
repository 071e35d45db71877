// A picture of points: in each bin of a plane how many there are, or the sum, an extreme or the mean of a value
// each.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct PointDensityOptions {
  enum class Of : u8 {
    kCounts,    // u32; no values are read
    kSums,      // of integers 64 bits, modulo 2^64, which those of 32 bits do not reach; of f32 an f32
    kSmallest,  // of the type; where no point is, what loses to every value: of f32 a NaN
    kLargest,
    kMeans,  // f32; where no point is, a NaN
  };
  Of of = Of::kCounts;
  ElementType type = ElementType::kF32;  // of values
};

struct PointDensity {
  PointDensityOptions options = {};
  gpu::View xs = {}, ys = {};  // f32, count each
  gpu::View values = {};       // count elements, unless points are counted
  gpu::Count count = {};
  // Bin row * columns + column: columns from x_low on, rows from y_low on, in even steps; the last ones hold
  // x_high and y_high too.
  u32 columns = 256, rows = 256;  // at most 16,777,216 bins
  float x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  gpu::View result = {};  // an element a bin
  gpu::View counts = {};  // u32, a bin: its points, those of NaN values too; may be left out
  gpu::View scratch = {};
};

Result<bool> prepare_point_density(gpu::Device& device, const PointDensityOptions& options);

u64 point_density_scratch_bytes(const PointDensityOptions& options, u32 bins);

// Appends the picture. A point outside counts nowhere, nor does one of a NaN; its column is the whole part of
// (x - x_low) * (columns / (x_high - x_low)), each step in f32 rounded to nearest: an adapter that rounds otherwise
// may put a point that lies at an edge into the bin beside it.
// Everything else is the same in any order of points, on every run and adapter. Counts and extremes are exact, and
// so are sums of integers, modulo 2^64. Extremes leave NaN out. A sum of f32 adds numbers that were rounded, each
// once, to multiples of 2^-63 of the power of two above the largest of its bin, times the power of two at or above
// `count`: of 2^24 points, numbers down to 2^-15 of the largest are added as they are. It is rounded to f32 once,
// and so is a mean, which of integers is that of the whole sum, past 64 bits too.
// NaN and infinities go by the rules of IEEE 754.
// Two dispatches for counts, 8 bytes a point; two or three with values, 12 bytes, or 16 of two words; four for
// sums and means of f32, 24 bytes, and for extremes of two words, 32 bytes. Bound by atomics: one a point for
// counts, up to four otherwise.
// Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> point_density(gpu::Frame& frame, const PointDensity& args);

}  // namespace shoal::primitives
