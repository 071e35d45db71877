// The CPU twin of histogram.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <vector>

#include "base/int.h"
#include "primitives/histogram/histogram.h"

namespace shoal::primitives {

// Words of codes or bytes, or the bits of floats; `count` elements of them.
inline std::vector<u64> histogram_reference(const HistogramOptions& options, std::span<const u32> words, u32 count,
                                            std::span<const float> edges) {
  std::vector<u64> counts(options.bin_count);
  for (u32 i = 0; i < count; ++i) {
    u32 bin = 0;
    switch (options.of) {
      case HistogramOptions::Of::kCodes: bin = words[i]; break;
      case HistogramOptions::Of::kBytes: bin = (words[i / 4] >> (8 * (i % 4))) & 0xff; break;
      case HistogramOptions::Of::kFloats: {
        const float value = std::bit_cast<float>(words[i]);
        if (std::isnan(value) || value < edges.front() || value > edges.back()) continue;
        const auto above = std::upper_bound(edges.begin(), edges.end(), value);
        bin = std::min(static_cast<u32>(above - edges.begin()) - 1, options.bin_count - 1);
        break;
      }
    }
    if (bin < options.bin_count) ++counts[bin];
  }
  return counts;
}

}  // namespace shoal::primitives
