#include "primitives/top_k/top_k.h"

#include <algorithm>

#include "primitives/key_order.h"
#include "primitives/radix_select/radix_select.h"
#include "primitives/scan/scan_partials.h"
#include "primitives/sort/sort.h"
#include "primitives/strips.h"
#include "primitives/top_k/top_k.kernel.h"
#include "primitives/top_k/top_k_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kMostK = 65536;

struct Plan {
  RadixSelectLayout select;
  gpu::View partials, total, values, rows, sort;
  u64 size_bytes = 0;
};

SortOptions sort_options(const TopKOptions& options) { return {.type = options.type, .has_values = true}; }

Plan plan_for(const gpu::Device& device, const TopKOptions& options, u32 most_elements, u32 k) {
  const u32 most_k = std::min(k, kMostK);
  ScratchLayout layout;
  Plan plan;
  plan.select = add_radix_select(layout, options.type);
  plan.partials = layout.add(strip_count(most_elements) * 8);
  plan.total = layout.add(8);
  plan.values = layout.add(u64{most_k} * element_bytes(options.type));
  plan.rows = layout.add(u64{most_k} * 4);
  plan.sort = layout.add(sort_scratch_bytes(device, sort_options(options), most_k));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

constexpr size_t kSelectKernels = 4;

// radix_select's; note_count, count_strips, scan_partials, choose_strips.
Result<Kernels> kernels_for(gpu::Device& device, const TopKOptions& options) {
  std::vector<KernelChoice> choices = radix_select_choices(options.type);
  KernelChoice choice{.kernel = &top_k_kernel(), .features = strip_features(device.capabilities)};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  for (const std::string_view entry_point : {"note_count", "count_strips", "", "choose_strips"}) {
    choice.entry_point = entry_point;
    choices.push_back(entry_point.empty() ? pair_sum_partials_choice() : choice);
  }
  return request_kernels(device, choices);
}

Result<void> append(gpu::Frame& frame, const TopK& args, bool is_largest) {
  const std::string_view name = is_largest ? "top_k" : "bottom_k";
  gpu::Device& device = frame.device();
  const ElementType type = args.options.type;
  const u32 bits = element_bytes(type) * 8;
  const Plan plan = plan_for(device, args.options, most_elements(args.count, args.values, bits), args.k);
  Arguments arguments(device, name, args.count);
  arguments
      .require(args.k >= 1 && args.k <= kMostK, "`k` is not from 1 to 65,536. Ask for as many; sort gives all.")
      .require(args.end_bit == 0 || (args.end_bit <= bits && is_unsigned(type)),
               "`end_bit` is above the bits of the type, or the type is not unsigned. Give it 0, or the bits that "
               "unsigned elements use.")
      .read("values", args.values, bits)
      .write_bytes("result", args.result, u64{args.k} * bits / 8)
      .write_bytes("rows", args.rows, u64{args.k} * 4)
      .write_bytes("result_count", args.result_count, 4)
      .scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, name));
  const gpu::View scratch = scratch_for(device, args.scratch, plan.size_bytes);
  const gpu::View targets = part_of(scratch, plan.select.targets), partials = part_of(scratch, plan.partials),
                  total = part_of(scratch, plan.total), values = part_of(scratch, plan.values),
                  rows = part_of(scratch, plan.rows);

  const SelectRank last{.numerator = args.k - 1};
  std::vector<Step> steps = radix_select_steps(kernels, {.type = type,
                                                         .is_descending = is_largest,
                                                         .end_bit = args.end_bit,
                                                         .keys = args.values,
                                                         .targets = targets,
                                                         .counts = part_of(scratch, plan.select.counts),
                                                         .found = total,
                                                         .ranks = std::span(&last, 1),
                                                         .writes_found = false});
  const KeyFlips flips = key_flips(type, is_largest);
  Step step{.views = {args.values, targets, partials, total, values, rows, args.result_count}};
  step.with(TopKParams{.count = most,
                       .k = args.k,
                       .sign_flip = flips.sign_flip,
                       .is_float = flips.is_float,
                       .order_flip = flips.order_flip});
  for (size_t i = 0; i < 4; ++i) {
    step.kernel = kernels[kSelectKernels + i];
    step.elements_per_group = i == 1 || i == 3 ? strip_elements_per_group(device.capabilities) : 0;
    steps.push_back(i == 2 ? Step{.kernel = step.kernel, .views = {partials, total}} : step);
  }
  const u32 readings = radix_select_passes(type, args.end_bit, 1) + 2;
  const PassScope pass(frame, name, u64{most} * readings * bits / 8);
  run_steps(frame, name, 0, args.count, most, steps);
  const gpu::Count chosen = args.count.is_on_gpu()
                                ? gpu::Count(gpu::View{args.result_count.buffer, args.result_count.offset_bytes, 4})
                                : gpu::Count(std::min(args.k, args.count.elements()));
  return sort(frame, {.options = sort_options(args.options),
                      .keys = values,
                      .count = chosen,
                      .sorted_keys = args.result,
                      .values = rows,
                      .sorted_values = args.rows,
                      .is_descending = is_largest,
                      .scratch = part_of(scratch, plan.sort)});
}

}  // namespace

Result<bool> prepare_top_k(gpu::Device& device, const TopKOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  SHOAL_TRY_SET(const bool is_sort_ready, prepare_sort(device, sort_options(options)));
  return is_ready && is_sort_ready;
}

u64 top_k_scratch_bytes(const gpu::Device& device, const TopKOptions& options, u32 most_elements, u32 k) {
  return plan_for(device, options, most_elements, k).size_bytes;
}

Result<void> top_k(gpu::Frame& frame, const TopK& args) { return append(frame, args, true); }

Result<void> bottom_k(gpu::Frame& frame, const TopK& args) { return append(frame, args, false); }

}  // namespace shoal::primitives
