#include "primitives/sort/sort.h"

#include "primitives/arguments.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"
#include "primitives/sort/sort.kernel.h"
#include "primitives/sort/sort_layout.gen.h"
#include "primitives/sort/sort_tuning.h"

namespace shoal::primitives {
namespace {

struct Plan {
  gpu::View counts, digit_places, keys, values;
  u64 size_bytes = 0;
};

Plan plan_for(const gpu::Capabilities& capabilities, const SortOptions& options, u32 most_elements) {
  const u32 digits = 1u << sort_digit_bits(capabilities);
  ScratchLayout layout;
  Plan plan;
  plan.counts = layout.add(divide_round_up(u64{most_elements}, u64{kSortTileKeys}) * digits * 4);
  plan.digit_places = layout.add(digits * 4);
  plan.keys = layout.add(u64{most_elements} * element_bytes(options.type));
  plan.values = layout.add(options.has_values ? u64{most_elements} * 4 : 0);
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// count_tiles, scan_rows, scan_digits, scatter_tiles.
Result<Kernels> kernels_for(gpu::Device& device, const SortOptions& options) {
  const gpu::Constant lanes{.name = "lanes", .value = static_cast<double>(sort_lanes(device.capabilities))};
  std::vector<std::string_view> features;
  if (is_wide(options.type)) features.emplace_back("wide");
  if (options.has_values) features.emplace_back("pairs");
  std::vector<KernelChoice> choices;
  for (const std::string_view entry_point : {"count_tiles", "scan_rows", "scan_digits", "scatter_tiles"}) {
    choices.push_back({.kernel = &sort_kernel(), .entry_point = entry_point, .features = features});
    if (device.capabilities.features.subgroups) choices.back().constants = std::span(&lanes, 1);
  }
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_sort(gpu::Device& device, const SortOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 sort_scratch_bytes(const gpu::Device& device, const SortOptions& options, u32 most_elements) {
  return plan_for(device.capabilities, options, most_elements).size_bytes;
}

Result<void> sort(gpu::Frame& frame, const Sort& args) {
  gpu::Device& device = frame.device();
  const SortOptions& options = args.options;
  const u32 bits = element_bytes(options.type) * 8;
  const u32 end_bit = args.end_bit == 0 ? bits : args.end_bit;
  const Plan plan = plan_for(device.capabilities, options, most_elements(args.count, args.keys, bits));
  Arguments arguments(device, "sort", args.count);
  arguments.require(args.begin_bit < end_bit && end_bit <= bits,
                    "`begin_bit` and `end_bit` enclose no bits of a key. Let begin_bit be below end_bit, and that "
                    "not above the bits of the type.");
  // What is sorted is bound like what it is sorted into, so both may lie in one buffer, but apart.
  arguments.write("keys", args.keys, bits).write("sorted_keys", args.sorted_keys, bits);
  if (options.has_values) arguments.write("values", args.values, 32).write("sorted_values", args.sorted_values, 32);
  arguments.scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, "sort"));

  struct Place {
    gpu::View keys, values;
  };
  const gpu::View scratch = scratch_for(device, args.scratch, plan.size_bytes);
  const Place given{args.keys, args.values}, result{args.sorted_keys, args.sorted_values},
      between{part_of(scratch, plan.keys), part_of(scratch, plan.values)};
  const u32 digit_bits = sort_digit_bits(device.capabilities);
  const u32 digits = 1u << digit_bits;
  const u32 passes = divide_round_up(end_bit - args.begin_bit, digit_bits);
  const KeyFlips flips = key_flips(options.type, args.is_descending);
  std::vector<Step> steps;
  for (u32 pass = 0; pass < passes; ++pass) {
    // The last one writes the result, those before it take turns.
    const bool ends_in_result = (passes - pass) % 2 == 1;
    const Place& source = pass == 0 ? given : ends_in_result ? between : result;
    const Place& target = ends_in_result ? result : between;
    const u32 shift = args.begin_bit + pass * digit_bits;
    Step step{
        .views = {part_of(scratch, plan.counts), part_of(scratch, plan.digit_places), source.keys, target.keys}};
    if (options.has_values) step.views.insert(step.views.end(), {source.values, target.values});
    step.with(SortParams{.count = most,
                         .shift = shift,
                         .digit_mask = (1u << std::min(digit_bits, end_bit - shift)) - 1,
                         .sign_flip = flips.sign_flip,
                         .is_float = flips.is_float,
                         .order_flip = flips.order_flip});
    const u32 groups[] = {0, digits, 1, 0};
    for (size_t i = 0; i < kernels.size() - 1; ++i) {
      step.kernel = kernels[i];
      step.groups = groups[i];
      step.elements_per_group = groups[i] == 0 ? kSortTileKeys : 0;
      steps.push_back(step);
    }
  }
  const u64 pass_bytes = u64{most} * (3 * bits / 8 + (options.has_values ? 8 : 0));
  run_steps(frame, "sort", passes * pass_bytes, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
