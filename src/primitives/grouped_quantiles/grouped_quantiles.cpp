#include "primitives/grouped_quantiles/grouped_quantiles.h"

#include <bit>

#include "primitives/arguments.h"
#include "primitives/grouped_quantiles/group_numbers.kernel.h"
#include "primitives/grouped_quantiles/group_numbers_layout.gen.h"
#include "primitives/grouped_quantiles/pick_quantiles.kernel.h"
#include "primitives/grouped_quantiles/pick_quantiles_layout.gen.h"
#include "primitives/launch.h"
#include "primitives/note_count.h"
#include "primitives/quantiles/shares.h"
#include "primitives/segmented_sort/sort_by_number.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "grouped_quantiles";
constexpr u32 kRowsPerGroup = 4096;      // blocks.wgsl's rows_per_block
constexpr u32 kGroupsPerWorkgroup = 64;  // pick_quantiles.wgsl's lanes
constexpr u32 kMostGroups = u32{1} << 24;
constexpr size_t kMostShares = 2 * std::tuple_size_v<decltype(PickQuantilesParams::shares)>;

SortOptions sort_options(const QuantilesOptions& options) { return {.type = options.type}; }

struct Plan {
  gpu::View row_count, numbers, sort;
  u64 size_bytes = 0;
};

Plan plan_for(const gpu::Device& device, const QuantilesOptions& options, u32 most_elements) {
  ScratchLayout layout;
  Plan plan;
  plan.row_count = layout.add(4);
  plan.numbers = layout.add(u64{most_elements} * 4);
  plan.sort = layout.add(sort_by_number_scratch_bytes(device, sort_options(options), most_elements));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// number_groups, pick_quantiles.
Result<Kernels> kernels_for(gpu::Device& device, const QuantilesOptions& options) {
  std::array choices = {KernelChoice{.kernel = &group_numbers_kernel()},
                        KernelChoice{.kernel = &pick_quantiles_kernel()}};
  if (is_wide(options.type)) choices[1].features.emplace_back("wide");
  return request_kernels(device, choices);
}

Result<u32> check(const gpu::Device& device, const GroupedQuantiles& args, u64 scratch_bytes) {
  const u32 bits = element_bytes(args.options.type) * 8;
  Arguments arguments(device, kName, args.count);
  arguments
      .require(args.group_count >= 1 && args.group_count <= kMostGroups,
               "`group_count` is not from 1 to 16,777,216. Ask for as many groups.")
      .require(!args.quantiles.empty(), "`quantiles` is empty. Name at least one.")
      .require(are_shares(args.quantiles), kAreNoShares)
      .require(args.sorted.buffer == 0 || args.sorted.buffer != args.result.buffer,
               "`sorted` and `result` lie in one buffer, but the last dispatch reads the one and writes the other. "
               "Give them two buffers.")
      .read("codes", args.codes, 32)
      .read("values", args.values, bits)
      .write_bytes("result", args.result, u64{args.group_count} * args.quantiles.size() * bits / 8)
      .write("sorted", args.sorted, bits)
      .scratch(args.scratch, scratch_bytes);
  return arguments.check();
}

// One dispatch for as many shares as its parameters hold.
std::vector<Step> steps_of(const GroupedQuantiles& args, const Step& step) {
  std::vector<Step> steps;
  for (size_t first = 0; first < args.quantiles.size(); first += kMostShares) {
    const auto some = args.quantiles.subspan(first, std::min(kMostShares, args.quantiles.size() - first));
    PickQuantilesParams params{.share_count = static_cast<u32>(some.size()),
                               .first_share = static_cast<u32>(first),
                               .all_shares = static_cast<u32>(args.quantiles.size())};
    if (args.options.type == ElementType::kF32) params.none[0] = 0x7fc00000u;
    for (size_t i = 0; i < some.size(); ++i) {
      params.shares[i / 2][i % 2 * 2] = some[i].numerator;
      params.shares[i / 2][i % 2 * 2 + 1] = some[i].denominator;
    }
    steps.emplace_back(step).with(params);
  }
  return steps;
}

}  // namespace

Result<bool> prepare_grouped_quantiles(gpu::Device& device, const QuantilesOptions& options) {
  SHOAL_TRY_SET(const bool is_sort_ready, prepare_sort_by_number(device, sort_options(options)));
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  return is_sort_ready && is_ready;
}

u64 grouped_quantiles_scratch_bytes(const gpu::Device& device, const QuantilesOptions& options, u32 most_elements) {
  return plan_for(device, options, most_elements).size_bytes;
}

Result<void> grouped_quantiles(gpu::Frame& frame, const GroupedQuantiles& args) {
  gpu::Device& device = frame.device();
  const u32 bytes = element_bytes(args.options.type);
  const Plan plan = plan_for(device, args.options, most_elements(args.count, args.values, bytes * 8));
  SHOAL_TRY_SET(const u32 most, check(device, args, plan.size_bytes));
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View row_count = part_of(scratch, plan.row_count), numbers = part_of(scratch, plan.numbers);

  const PassScope pass(frame, kName, u64{most} * (4 + bytes));
  SHOAL_TRY(note_count(frame, args.count, most, row_count));
  Step number{.kernel = kernels[0], .views = {args.codes, numbers}, .elements_per_group = kRowsPerGroup};
  number.with(GroupNumbersParams{.group_count = args.group_count});
  run_steps(frame, kName, 0, args.count, most, std::span(&number, 1));
  SHOAL_TRY(sort_by_number(frame, {.options = sort_options(args.options),
                                   .keys = args.values,
                                   .count = args.count,
                                   .most = most,
                                   .numbers = numbers,
                                   .number_bits = static_cast<u32>(std::bit_width(args.group_count)),
                                   .sorted_keys = args.sorted,
                                   .scratch = part_of(scratch, plan.sort)}));
  const Step pick{.kernel = kernels[1],
                  .views = {row_count, numbers, args.sorted, args.result},
                  .elements_per_group = kGroupsPerWorkgroup};
  const std::vector<Step> steps = steps_of(args, pick);
  for (const Step& step : steps) {
    run_steps(frame, kName, 0, args.group_count, args.group_count, std::span(&step, 1));
  }
  return {};
}

}  // namespace shoal::primitives
