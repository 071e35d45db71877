// From an axis in pixels to bins of codes. A bin is as wide as a pixel or one code, whichever is wider.
#pragma once

#include <vector>

#include "plot/scale.h"
#include "query/axis_bins.h"

namespace shoal::plot {

struct AxisBinning {
  query::BinEdges edges;
  // Codes that each bin covers, and how many an average bin covers; empty and 1 for floats. Shading divides by
  // the one and multiplies by the other, so that bins of n and n + 1 codes look alike.
  std::vector<u32> codes_covered;
  float codes_per_bin = 1;
};

// `pixels`: at least 1, at most query::kMostBins. Strings lie in the order of their text. Errors: kUnsupported for
// strings with more than 65,536 distinct values.
Result<AxisBinning> bin_axis(const Domain& domain, const table::CodeSpace& space, u32 pixels);

// The string at each place of a category axis: codes in the order of their text.
std::vector<u32> sorted_codes(const table::Dictionary& dictionary);

}  // namespace shoal::plot
