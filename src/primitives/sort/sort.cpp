#include "primitives/sort/sort.h"

#include "primitives/arguments.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"
#include "primitives/sort/sort.kernel.h"
#include "primitives/sort/sort_layout.gen.h"
#include "primitives/sort/sort_tuning.h"
#include "primitives/sort/staged_sort.kernel.h"
#include "primitives/sort/staged_sort_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kTilesPerChunk = 128;  // staged_sort.wgsl's

struct Plan {
  gpu::View counts, digit_places, keys, values;  // digit_places: of the whole, or of each chunk of tiles
  u64 size_bytes = 0;
};

Plan plan_for(const gpu::Capabilities& capabilities, const SortOptions& options, u32 most_elements) {
  const SortTuning tuning = sort_tuning(capabilities);
  const u64 digits = u64{1} << tuning.digit_bits;
  const u64 tiles = divide_round_up(u64{most_elements}, u64{tuning.tile_keys(is_wide(options.type))});
  ScratchLayout layout;
  Plan plan;
  plan.counts = layout.add(tiles * digits * 4);
  plan.digit_places = layout.add((tuning.is_staged ? divide_round_up(tiles, u64{kTilesPerChunk}) : 1) * digits * 4);
  plan.keys = layout.add(u64{most_elements} * element_bytes(options.type));
  plan.values = layout.add(options.has_values ? u64{most_elements} * 4 : 0);
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// In the order of a pass.
Result<Kernels> kernels_for(gpu::Device& device, const SortOptions& options) {
  const SortTuning tuning = sort_tuning(device.capabilities);
  const gpu::Constant constants[] = {
      {.name = "lanes", .value = static_cast<double>(tuning.lanes)},
      {.name = "least_team_lanes", .value = static_cast<double>(tuning.least_team_lanes)},
      {.name = "is_lockstep", .value = tuning.is_lockstep ? 1.0 : 0.0}};
  KernelChoice choice{.kernel = tuning.is_staged ? &staged_sort_kernel() : &sort_kernel()};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  if (options.has_values) choice.features.emplace_back("pairs");
  if (tuning.is_staged && options.type == ElementType::kF32) choice.features.emplace_back("floats");
  if (tuning.lanes != 0) choice.constants = std::span(constants).first(tuning.is_staged ? 3 : 1);
  std::vector<KernelChoice> choices(4, choice);
  choices[0].entry_point = "count_tiles";
  choices[1].entry_point = tuning.is_staged ? "sum_chunks" : "scan_rows";
  choices[2].entry_point = tuning.is_staged ? "place_tiles" : "scan_digits";
  choices[3].entry_point = "scatter_tiles";
  return request_kernels(device, choices);
}

// A key whose digits are the highest of all in these bits.
std::array<u32, 2> last_key(ElementType type, const KeyFlips& flips, u32 end_bit) {
  // Of descending floats no image is all ones: that of -inf is from bit 23 on, that of 0 below bit 31.
  if (type == ElementType::kF32 && flips.order_flip != 0) return {end_bit == 32 ? 0xff800000u : 0u, 0};
  const u32 word = ~flips.order_flip;
  return {is_wide(type) ? word : word ^ flips.sign_flip, word ^ flips.sign_flip};
}

struct Digit {
  u32 shift = 0, bits = 0;
};

// The steps of one pass but for their views.
std::vector<Step> steps_of_pass(const SortTuning& tuning, const Kernels& kernels, ElementType type,
                                const KeyFlips& flips, Digit digit) {
  const u32 tile_keys = tuning.tile_keys(is_wide(type));
  std::vector<Step> steps(4);
  for (size_t i = 0; i < steps.size(); ++i) {
    Step& step = steps[i];
    step.kernel = kernels[i];
    const u32 digit_mask = (1u << digit.bits) - 1;
    const bool is_of_tiles = i == 0 || i == 3;
    if (tuning.is_staged) {
      const u32 top_flip = flips.order_flip ^ flips.sign_flip;
      step.with(StagedSortParams{.shift = digit.shift,
                                 .digit_mask = digit_mask,
                                 .order_flip = flips.order_flip,
                                 .flips = {is_wide(type) ? flips.order_flip : top_flip, top_flip},
                                 .last_key = last_key(type, flips, digit.shift + digit.bits)});
      step.elements_per_group = is_of_tiles ? tile_keys : tile_keys * kTilesPerChunk;
    } else {
      step.with(SortParams{.shift = digit.shift,
                           .digit_mask = digit_mask,
                           .sign_flip = flips.sign_flip,
                           .is_float = flips.is_float,
                           .order_flip = flips.order_flip});
      step.elements_per_group = is_of_tiles ? tile_keys : 0;
      step.groups = i == 1 ? 1u << tuning.digit_bits : 1;
    }
  }
  return steps;
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
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const Place given{args.keys, args.values}, result{args.sorted_keys, args.sorted_values},
      between{part_of(scratch, plan.keys), part_of(scratch, plan.values)};
  const SortTuning tuning = sort_tuning(device.capabilities);
  const u32 passes = divide_round_up(end_bit - args.begin_bit, tuning.digit_bits);
  const KeyFlips flips = key_flips(options.type, args.is_descending);
  std::vector<Step> steps;
  for (u32 pass = 0; pass < passes; ++pass) {
    // The last one writes the result, those before it take turns.
    const bool ends_in_result = (passes - pass) % 2 == 1;
    const Place& source = pass == 0 ? given : ends_in_result ? between : result;
    const Place& target = ends_in_result ? result : between;
    const u32 shift = args.begin_bit + pass * tuning.digit_bits;
    const Digit digit{.shift = shift, .bits = std::min(tuning.digit_bits, end_bit - shift)};
    for (Step& step : steps_of_pass(tuning, kernels, options.type, flips, digit)) {
      step.views = {part_of(scratch, plan.counts), part_of(scratch, plan.digit_places), source.keys, target.keys};
      if (options.has_values) step.views.insert(step.views.end(), {source.values, target.values});
      steps.push_back(std::move(step));
    }
  }
  const u64 pass_bytes = u64{most} * (3 * bits / 8 + (options.has_values ? 8 : 0));
  run_steps(frame, "sort", passes * pass_bytes, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
