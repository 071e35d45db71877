// Counts of elements by bin.
#pragma once

#include <vector>

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

struct HistogramOptions {
  enum class Of : u8 {
    kCodes,   // u32: the code is the bin; a code from bin_count on counts nowhere
    kBytes,   // u8, four in a word, lowest first; bin_count is 256
    kFloats,  // f32 between edges: bin b holds edges[b] <= x < edges[b + 1], the last one its upper edge too
  };
  Of of = Of::kCodes;
  u32 bin_count = 256;  // 2 to 16,777,216
};

struct Histogram {
  HistogramOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  // Of floats: bin_count + 1 floats that rise, as histogram_edges makes them; any others do too, but slowly:
  // kernels guess a bin as though bins were alike and go on from there.
  gpu::View edges = {};
  float low = 0, high = 1;  // the first and the last edge
  gpu::View counts = {};    // u32, bin_count of them
};

// bin_count + 1 edges of bins that are alike. -0 is 0.
std::vector<float> histogram_edges(double low, double high, u32 bin_count);

Result<bool> prepare_histogram(gpu::Device& device, const HistogramOptions& options);

// Appends the counts. What lies outside all bins, and every NaN, counts nowhere. Two dispatches, no scratch; 4
// bytes an element, or 1. The same on every adapter, to the bit: floats are compared as integers, and -0 is 0.
// Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> histogram(gpu::Frame& frame, const Histogram& args);

}  // namespace shoal::primitives
