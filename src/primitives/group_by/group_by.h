// Count, sum, extremes, mean and variance by group.
#pragma once

#include "base/int.h"
#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"
#include "primitives/group_by/float_groups_layout.gen.h"
#include "primitives/group_by/group_by_layout.gen.h"
#include "primitives/group_by/wide_groups_layout.gen.h"

namespace shoal::primitives {

struct GroupByOptions {
  ElementType type = ElementType::kU32;
  u32 group_count = 256;  // 1 to 1,048,576
};

struct GroupBy {
  GroupByOptions options = {};
  gpu::View codes = {};   // u32, count of them; a row whose code is group_count or more counts nowhere
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View groups = {};  // group_count of Group, of f32 FloatGroup, of 64-bit integers WideGroup
};

Result<bool> prepare_group_by(gpu::Device& device, const GroupByOptions& options);

// Appends all of it for every group, without scratch. The same on every run and every adapter. Of integers all is
// exact: three dispatches, 8 bytes a row, or four and 24 where they have 64 bits, but bound by atomic adds. Of f32
// count and extremes are exact; of sums each number is rounded to a multiple of 2^-63 of the power of two above the
// largest of its group, each square to one of 2^-64 of that power's square: both are exact where the numbers of a
// group are within a factor of 256. Four dispatches, 16 bytes a row. Errors: kInvalidArgument, kUnsupported as
// Arguments::check says.
Result<void> group_by(gpu::Frame& frame, const GroupBy& args);

// From a group that was read back; of a group of none 0. The variance is that of the whole population.
i64 group_sum(const Group& group);  // of u32: its bits as unsigned
double group_mean(const Group& group, ElementType type);
double group_variance(const Group& group, ElementType type);

// Extremes are the bits of the elements.
u64 group_smallest(const WideGroup& group);
u64 group_largest(const WideGroup& group);
i128 group_sum(const WideGroup& group, ElementType type);
double group_mean(const WideGroup& group, ElementType type);  // rounded once
double group_variance(const WideGroup& group, ElementType type);

// By the rules of IEEE 754 for NaN and infinities, of whose rows the variance is NaN; sum and mean are rounded
// once.
double group_sum(const FloatGroup& group);
double group_mean(const FloatGroup& group);
double group_variance(const FloatGroup& group);

}  // namespace shoal::primitives
