#include "primitives/group_by/group_by.h"

#include "primitives/arguments.h"
#include "primitives/group_by/float_groups.kernel.h"
#include "primitives/group_by/group_by.kernel.h"
#include "primitives/group_by/wide_groups.kernel.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

// group_by.wgsl's.
constexpr u32 kRowsPerGroup = 32768, kOwnGroups = 256, kWordsPerClearingGroup = 4096, kLanes = 256;
constexpr u32 kMostGroups = u32{1} << 20;

// Of floats and of 64-bit integers a reading measures groups before another one adds to them.
struct Form {
  const wgsl::Kernel& kernel;
  u32 group_bytes = 0;
  bool measures = false;
};

Form form_of(ElementType type) {
  if (type == ElementType::kF32) return {float_groups_kernel(), sizeof(FloatGroup), true};
  if (is_wide(type)) return {wide_groups_kernel(), sizeof(WideGroup), true};
  return {group_by_kernel(), sizeof(Group), false};
}

// clear_groups, measure_rows where the form does, add_rows, finish_groups.
Result<Kernels> kernels_for(gpu::Device& device, const GroupByOptions& options) {
  const Form form = form_of(options.type);
  std::vector<std::string_view> entry_points = {"clear_groups", "add_rows", "finish_groups"};
  if (form.measures) entry_points.insert(entry_points.begin() + 1, "measure_rows");
  std::vector<KernelChoice> choices;
  for (const std::string_view entry_point : entry_points) {
    choices.push_back({.kernel = &form.kernel, .entry_point = entry_point});
    if (options.group_count <= kOwnGroups) choices.back().features.emplace_back("own");
  }
  return request_kernels(device, choices);
}

void set_parameters(Step& step, const GroupByOptions& options) {
  const u32 sign_flip = key_flips(options.type, false).sign_flip;
  if (options.type == ElementType::kF32) {
    step.with(FloatGroupsParams{.group_count = options.group_count});
  } else if (is_wide(options.type)) {
    step.with(WideGroupsParams{.group_count = options.group_count, .sign_flip = sign_flip});
  } else {
    step.with(GroupByParams{.group_count = options.group_count, .sign_flip = sign_flip});
  }
}

}  // namespace

Result<bool> prepare_group_by(gpu::Device& device, const GroupByOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

Result<void> group_by(gpu::Frame& frame, const GroupBy& args) {
  gpu::Device& device = frame.device();
  const GroupByOptions& options = args.options;
  const u32 group_bytes = form_of(options.type).group_bytes, bytes = element_bytes(options.type);
  Arguments arguments(device, "group_by", args.count);
  arguments
      .require(
          options.group_count >= 1 && options.group_count <= kMostGroups,
          "`group_count` is not from 1 to 1,048,576. Ask for as many groups; sort and reduce_by_key take more.")
      .read("codes", args.codes, 32)
      .read("values", args.values, bytes * 8)
      .write_bytes("groups", args.groups, u64{options.group_count} * group_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, "group_by"));
  Step step{.views = {args.codes, args.values, args.groups}, .elements_per_group = kRowsPerGroup};
  set_parameters(step, options);
  // Behind the kernels stands the one that counts.
  std::vector<Step> steps(kernels.size() - 1, step);
  for (size_t i = 0; i < steps.size(); ++i) steps[i].kernel = kernels[i];
  steps.front().elements_per_group = steps.back().elements_per_group = 0;
  steps.front().groups = divide_round_up(options.group_count * (group_bytes / 4), kWordsPerClearingGroup);
  steps.back().groups = divide_round_up(options.group_count, kLanes);
  run_steps(frame, "group_by", u64{most} * (4 + bytes) * (steps.size() - 2), args.count, most, steps);
  return {};
}

i64 group_sum(const Group& group) { return static_cast<i64>(join_words(group.sum_low, group.sum_high)); }

double group_mean(const Group& group, ElementType type) {
  if (group.count == 0) return 0;
  const i64 sum = group_sum(group);
  const double whole =
      type == ElementType::kI32 ? static_cast<double>(sum) : static_cast<double>(static_cast<u64>(sum));
  return whole / group.count;
}

double group_variance(const Group& group, ElementType type) {
  if (group.count == 0) return 0;
  const u128 squares = (u128{group.squares_high} << 64) | join_words(group.squares_low, group.squares_middle);
  const i64 sum = group_sum(group);
  const u128 magnitude =
      type == ElementType::kI32 && sum < 0 ? u128{u64{0} - static_cast<u64>(sum)} : u128{static_cast<u64>(sum)};
  // Exact up to here: n times the squares and the square of the sum have 128 bits at most, and only then is
  // rounded.
  const u128 scaled = squares * group.count - magnitude * magnitude;
  return static_cast<double>(scaled) / group.count / group.count;
}

}  // namespace shoal::primitives
