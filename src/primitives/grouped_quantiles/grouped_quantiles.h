// Exact quantiles of each group, any list of them.
#pragma once

#include "primitives/quantiles/quantiles.h"

namespace shoal::primitives {

struct GroupedQuantiles {
  QuantilesOptions options = {};
  gpu::View codes = {};   // u32, count of them; a row whose code is group_count or more counts nowhere
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  u32 group_count = 256;  // 1 to 16,777,216
  std::span<const Quantile> quantiles = {};
  gpu::View result =
      {};  // an element each, group after group; of a group of none 0, or NaN where values are floats
  gpu::View sorted = {};  // count elements: by group and then by value, those of no group last
  gpu::View scratch = {};
};

Result<bool> prepare_grouped_quantiles(gpu::Device& device, const QuantilesOptions& options);

u64 grouped_quantiles_scratch_bytes(const gpu::Device& device, const QuantilesOptions& options, u32 most_elements);

// Appends the quantiles of every group. All rows are sorted, by value and then by code, so it costs the same
// however many quantiles there are and however long groups are: of words 20 bytes a row for each 8 bits (4 where
// the device has no subgroups) of them and of the number of groups, and 12. The same on every run. Errors:
// kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> grouped_quantiles(gpu::Frame& frame, const GroupedQuantiles& args);

}  // namespace shoal::primitives
