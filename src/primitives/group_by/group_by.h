// Count, sum, extremes, mean and variance of integers by group.
#pragma once

#include "base/int.h"
#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"
#include "primitives/group_by/group_by_layout.gen.h"

namespace shoal::primitives {

struct GroupByOptions {
  ElementType type = ElementType::kU32;  // or kI32
  u32 group_count = 256;                 // 1 to 1,048,576
};

struct GroupBy {
  GroupByOptions options = {};
  gpu::View codes = {};   // u32, count of them; a row whose code is group_count or more counts nowhere
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View groups = {};  // group_count of Group
};

Result<bool> prepare_group_by(gpu::Device& device, const GroupByOptions& options);

// Appends all of it for every group. Exact, and the same on every run. Three dispatches, no scratch; 8 bytes a row,
// but bound by atomic adds. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> group_by(gpu::Frame& frame, const GroupBy& args);

// From a group that was read back; of a group of none 0. The variance is that of the whole population.
i64 group_sum(const Group& group);  // of u32: its bits as unsigned
double group_mean(const Group& group, ElementType type);
double group_variance(const Group& group, ElementType type);

}  // namespace shoal::primitives
