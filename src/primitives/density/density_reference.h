// The CPU twin of density.wgsl.
#pragma once

#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

inline constexpr u32 kRowFiltered = 0xffffffffu;  // instead of a bin, as density.wgsl names them
inline constexpr u32 kRowNull = 0xfffffffeu;
inline constexpr u32 kRowOutside = 0xfffffffdu;

// The counts of all bins, then rows drawn, null, outside, and in blocks that were read. `skipped_block`: whose rows
// are not looked at.
inline std::vector<u32> density_reference(std::span<const u32> bins, u32 bin_count, u32 skipped_block) {
  constexpr size_t kBlockRows = 4096;
  std::vector<u32> counts(size_t{bin_count} + 4);
  for (size_t row = 0; row < bins.size(); ++row) {
    if (row / kBlockRows == skipped_block) continue;
    const u32 bin = bins[row];
    if (bin < bin_count) ++counts[bin];
    counts[bin_count] += bin < bin_count ? 1 : 0;
    counts[bin_count + 1] += bin == kRowNull ? 1 : 0;
    counts[bin_count + 2] += bin == kRowOutside ? 1 : 0;
    ++counts[bin_count + 3];
  }
  return counts;
}

}  // namespace shoal::primitives
