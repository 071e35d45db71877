#include "primitives/top_k/top_k.h"

#include <algorithm>
#include <cmath>

#include "primitives/key_order.h"
#include "primitives/radix_select/radix_select.h"
#include "primitives/samples/samples.h"
#include "primitives/scan/scan_partials.h"
#include "primitives/sort/sort.h"
#include "primitives/strips.h"
#include "primitives/top_k/few.kernel.h"
#include "primitives/top_k/few_layout.gen.h"
#include "primitives/top_k/first_sorted.kernel.h"
#include "primitives/top_k/first_sorted_layout.gen.h"
#include "primitives/top_k/place_ranked.kernel.h"
#include "primitives/top_k/place_ranked_layout.gen.h"
#include "primitives/top_k/top_k.kernel.h"
#include "primitives/top_k/top_k_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kMostK = 65536;
constexpr u32 kFirstSortedLanes = 64;  // first_sorted.wgsl's
// A sample pays where it leaves out most elements.
constexpr u32 kLeastLeftOut = 8;
// A few: what is ranked element by element instead of sorted; few.wgsl's and place_ranked.wgsl's numbers.
constexpr u32 kFewStride = 256, kMostFew = 24'576, kHeads = 2048, kHeadGroups = 256, kMostHeadRank = 128;
constexpr u32 kFewElementsPerGroup = 32768, kRankedPerGroup = 16;

struct Plan {
  SamplePlan sample;
  u32 bar = 0;   // the rank of the sample's image that decides who may be among the k
  u32 room = 0;  // for those
  bool is_few = false;
  RadixSelectLayout select;
  SampleViews samples;
  gpu::View partials, total, chosen_count, values, rows, sorted_values, sorted_rows, sort;
  u64 size_bytes = 0;
};

SortOptions sort_options(const TopKOptions& options) { return {.type = options.type, .has_values = true}; }

// Where what may reach a bar is so little that it is ranked. Samples lie nearer than where their ranks are found by
// radix, and too low a bar costs little, so that the bar is a rank that k elements fall short of once in 10^9
// times. A processor sorts them sooner than it compares all with all.
bool plan_few(Plan& plan, const gpu::Device& device, u32 most_elements, u32 sample_stride) {
  if (sample_stride == 0 && device.capabilities.type == gpu::AdapterType::kSoftware) return false;
  const SamplePlan sample = sample_plan(most_elements, sample_stride == 0 ? kFewStride : sample_stride);
  if (sample.stride == 0) return false;
  const double expected = static_cast<double>(plan.room) / sample.stride;
  const u32 bar = static_cast<u32>(expected + 6 * std::sqrt(expected) + 8);
  const u64 room = u64{with_margin(bar)} * sample.stride;
  if (bar > kMostHeadRank || room > kMostFew || room < plan.room) return false;
  if (sample_stride == 0 && room > most_elements / kLeastLeftOut) return false;
  plan.sample = sample;
  plan.bar = bar;
  plan.room = static_cast<u32>(room);
  plan.is_few = true;
  return true;
}

Plan plan_for(const gpu::Device& device, const TopKOptions& options, u32 most_elements, u32 k, u32 sample_stride) {
  Plan plan;
  plan.room = std::min(k, kMostK);
  if (!plan_few(plan, device, most_elements, sample_stride))
    plan.sample = sample_plan(most_elements, sample_stride);
  if (plan.sample.stride != 0 && !plan.is_few) {
    plan.bar = with_margin(static_cast<double>(plan.room) / plan.sample.stride);
    const u64 room = u64{with_margin(plan.bar)} * plan.sample.stride;
    if (sample_stride == 0 && room > most_elements / kLeastLeftOut) {
      plan.sample = {};
    } else {
      plan.room = static_cast<u32>(std::max<u64>(plan.room, std::min<u64>(room, most_elements)));
    }
  }
  const u32 chosen = plan.is_few ? std::max(plan.room, kHeads) : plan.room;
  const u64 value_bytes = u64{chosen} * element_bytes(options.type);
  ScratchLayout layout;
  plan.select = add_radix_select(layout, options.type);
  plan.partials = layout.add(partials_bytes(most_elements, 8));
  plan.total = layout.add(8);
  plan.chosen_count = layout.add(12);
  plan.values = layout.add(value_bytes);
  plan.rows = layout.add(u64{chosen} * 4);
  if (plan.is_few) {
    plan.size_bytes = layout.size_bytes();
    return plan;
  }
  if (plan.sample.stride != 0) {
    plan.samples = add_samples(layout, plan.sample, options.type);
    plan.sorted_values = layout.add(value_bytes);
    plan.sorted_rows = layout.add(u64{plan.room} * 4);
  }
  plan.sort = layout.add(sort_scratch_bytes(device, sort_options(options), plan.room));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

enum KernelName : size_t {
  kSelect = 0,         // radix_select's, over what the caller gives
  kSelectSamples = 4,  // and over samples
  kTakeSamples = 8,    // then note_samples
  kScanPartials = 10,  // both of scan_partials.h
  kFirstSorted = kScanPartials + kPartialsKernels,
  kNoteCount,
  kCountStrips,
  kChooseStrips,
  kMarkStrips,
  kSettle,
  kTakeMarked,
  kTakeHeads,
  kTakeReached,
  kSettleFew,
  kPlaceOne,
  kPlaceRanked,
};

Result<Kernels> kernels_for(gpu::Device& device, const TopKOptions& options) {
  std::vector<KernelChoice> choices = radix_select_choices(options.type, false);
  for (const auto& more : {radix_select_choices(options.type, true), sample_choices(options.type)}) {
    choices.insert(choices.end(), more.begin(), more.end());
  }
  add_partials_choices(choices, summing_pairs());
  choices.push_back({.kernel = &first_sorted_kernel(), .entry_point = "first_sorted"});
  if (is_wide(options.type)) choices.back().features.emplace_back("wide");
  KernelChoice choice{.kernel = &top_k_kernel(), .features = strip_features(device.capabilities)};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  if (options.type == ElementType::kF32) choice.features.emplace_back("floats");
  for (const std::string_view entry_point :
       {"note_count", "count_strips", "choose_strips", "mark_strips", "settle", "take_marked"}) {
    choice.entry_point = entry_point;
    choices.push_back(choice);
    // What is marked is little, so each row of lanes costs more than its reading.
    if (entry_point == "take_marked") choices.back().features.emplace_back("blocked");
  }
  for (const std::string_view entry_point : {"take_heads", "take_reached", "settle"}) {
    choices.push_back({.kernel = &few_kernel(), .entry_point = entry_point, .features = choice.features});
  }
  for (const bool one : {true, false}) {
    choices.push_back(
        {.kernel = &place_ranked_kernel(), .entry_point = "place_ranked", .features = choice.features});
    if (one) choices.back().features.emplace_back("one");
  }
  return request_kernels(device, choices);
}

// One call: what its steps share.
struct Call {
  std::string_view name;
  const TopK& args;
  bool is_largest;
  u32 most;
  const Kernels& kernels;
  const Plan& plan;
  gpu::View scratch;

  gpu::View part(const gpu::View& part) const { return part_of(scratch, part); }
};

RadixSelect select_of(const Call& call, const gpu::View& keys, std::span<const SelectRank> ranks) {
  return {.type = call.args.options.type,
          .is_descending = call.is_largest,
          .end_bit = call.args.end_bit,
          .keys = keys,
          .targets = call.part(call.plan.select.targets),
          .counts = call.part(call.plan.select.counts),
          .found = call.part(call.plan.total),
          .ranks = ranks,
          .writes_found = false};
}

// Of top_k.wgsl's.
Step strip_step(const gpu::Device& device, const Call& call, KernelName kernel) {
  const Plan& plan = call.plan;
  const gpu::View partials = call.part(plan.partials), total = call.part(plan.total);
  Step step{.kernel = call.kernels[kernel],
            .views = {call.args.values, call.part(plan.select.targets), partials, total, call.part(plan.values),
                      call.part(plan.rows), call.part(plan.chosen_count)}};
  if (kernel != kNoteCount && kernel != kSettle) {
    step.elements_per_group = strip_elements_per_group(device.capabilities);
  }
  return step.with(TopKParams{
      .k = call.args.k, .flips = image_flips(call.args.options.type, call.is_largest), .room = plan.room});
}

void run_strips(gpu::Frame& frame, const Call& call, const gpu::Count& count, std::vector<Step> steps,
                std::initializer_list<KernelName> kernels) {
  for (const KernelName kernel : kernels) {
    if (kernel == kScanPartials) {
      add_partials_steps(steps, std::span(call.kernels).subspan(kScanPartials),
                         {.views = {call.part(call.plan.partials), call.part(call.plan.total)}}, call.most);
    } else {
      steps.push_back(strip_step(frame.device(), call, kernel));
    }
  }
  run_steps(frame, call.name, 0, count, call.most, steps);
}

// All that may be among the k, or the k themselves, in the order of rows or nearly; how many is noted on the GPU.
void choose_by_sample(gpu::Frame& frame, const Call& call) {
  const auto kernels = std::span(call.kernels);
  const SampleViews samples{call.part(call.plan.samples.samples), call.part(call.plan.samples.count)};
  run_steps(frame, call.name, 0, call.args.count, call.most,
            sample_steps(kernels.subspan(kTakeSamples), call.plan.sample, call.args.values, samples));
  const SelectRank bar{.numerator = call.plan.bar};
  RadixSelect select = select_of(call, samples.samples, std::span(&bar, 1));
  select.is_owned = true;
  run_steps(frame, call.name, 0, sample_count(call.plan.sample, call.args.count, samples), call.plan.sample.most,
            radix_select_steps(kernels.subspan(kSelectSamples), select));
  run_strips(frame, call, call.args.count, {}, {kMarkStrips, kScanPartials, kSettle, kTakeMarked});
}

// The k themselves, of the first `count` elements.
void choose_by_rank(gpu::Frame& frame, const Call& call, const gpu::Count& count,
                    std::initializer_list<KernelName> strip_kernels) {
  const SelectRank last{.numerator = call.args.k - 1};
  run_strips(frame, call, count,
             radix_select_steps(std::span(call.kernels).subspan(kSelect),
                                select_of(call, call.args.values, std::span(&last, 1))),
             strip_kernels);
}

Sort sort_of(const Call& call) {
  return {.options = sort_options(call.args.options),
          .keys = call.part(call.plan.values),
          .values = call.part(call.plan.rows),
          .is_descending = call.is_largest,
          .scratch = call.part(call.plan.sort)};
}

Result<void> append_by_rank(gpu::Frame& frame, const Call& call) {
  const TopK& args = call.args;
  choose_by_rank(frame, call, args.count, {kCountStrips, kScanPartials, kChooseStrips});
  Sort last = sort_of(call);
  last.count = args.count.is_on_gpu()
                   ? gpu::Count(gpu::View{args.result_count.buffer, args.result_count.offset_bytes, 4})
                   : gpu::Count(std::min(args.k, args.count.elements()));
  Step note = strip_step(frame.device(), call, kNoteCount);
  note.views.back() = args.result_count;
  run_steps(frame, call.name, 0, args.count, call.most, std::span(&note, 1));
  last.sorted_keys = args.result;
  last.sorted_values = args.rows;
  return sort(frame, last);
}

Result<void> append_by_sample(gpu::Frame& frame, const Call& call) {
  const TopK& args = call.args;
  choose_by_sample(frame, call);
  const gpu::View counts = call.part(call.plan.chosen_count);
  choose_by_rank(frame, call, gpu::Count(gpu::View{counts.buffer, counts.offset_bytes + 4, 4}),
                 {kCountStrips, kScanPartials, kChooseStrips});
  Sort last = sort_of(call);
  last.count = gpu::Count(gpu::View{counts.buffer, counts.offset_bytes, 4});
  last.sorted_keys = call.part(call.plan.sorted_values);
  last.sorted_values = call.part(call.plan.sorted_rows);
  SHOAL_TRY(sort(frame, last));
  Step first{.kernel = call.kernels[kFirstSorted],
             .views = {last.sorted_keys, last.sorted_values, args.result, args.rows, args.result_count},
             .groups = divide_round_up(args.k, kFirstSortedLanes)};
  first.with(FirstSortedParams{.k = args.k});
  run_steps(frame, call.name, 0, args.count, call.most, std::span(&first, 1));
  return {};
}

// Of few.wgsl's.
Step few_step(const Call& call, KernelName kernel) {
  const Plan& plan = call.plan;
  Step step{.kernel = call.kernels[kernel],
            .views = {call.args.values, call.part(plan.select.targets), call.part(plan.values),
                      call.part(plan.rows), call.part(plan.chosen_count)}};
  return step.with(FewParams{.k = call.args.k,
                             .flips = image_flips(call.args.options.type, call.is_largest),
                             .room = plan.room,
                             .stride = plan.sample.stride});
}

// `elements`: at most, or for the one of a rank exactly so many.
Step ranked_step(const Call& call, KernelName kernel, u32 elements) {
  const Plan& plan = call.plan;
  const TopK& args = call.args;
  Step step{.kernel = call.kernels[kernel],
            .views = {call.part(plan.values), call.part(plan.rows)},
            .groups = divide_round_up(elements, kRankedPerGroup)};
  if (kernel == kPlaceOne) {
    step.views.push_back(call.part(plan.select.targets));
  } else {
    step.views.insert(step.views.end(), {args.result, args.rows, args.result_count, call.part(plan.chosen_count)});
  }
  return step.with(PlaceRankedParams{
      .k = args.k, .flips = image_flips(args.options.type, call.is_largest), .room = elements, .rank = plan.bar});
}

void append_few(gpu::Frame& frame, const Call& call) {
  const TopK& args = call.args;
  std::vector<Step> steps = {few_step(call, kTakeHeads), ranked_step(call, kPlaceOne, kHeads),
                             few_step(call, kTakeReached), few_step(call, kSettleFew)};
  steps[0].groups = kHeadGroups;
  steps[2].elements_per_group = kFewElementsPerGroup;
  run_steps(frame, call.name, 0, args.count, call.most, steps);
  const gpu::View counts = call.part(call.plan.chosen_count);
  choose_by_rank(frame, call, gpu::Count(gpu::View{counts.buffer, counts.offset_bytes + 4, 4}),
                 {kCountStrips, kScanPartials, kChooseStrips});
  const Step place = ranked_step(call, kPlaceRanked, call.plan.room);
  run_steps(frame, call.name, 0, args.count, call.most, std::span(&place, 1));
}

Result<void> append(gpu::Frame& frame, const TopK& args, bool is_largest) {
  const std::string_view name = is_largest ? "top_k" : "bottom_k";
  gpu::Device& device = frame.device();
  const ElementType type = args.options.type;
  const u32 bits = element_bytes(type) * 8;
  const Plan plan =
      plan_for(device, args.options, most_elements(args.count, args.values, bits), args.k, args.sample_stride);
  Arguments arguments(device, name, args.count);
  arguments
      .require(args.k >= 1 && args.k <= kMostK, "`k` is not from 1 to 65,536. Ask for as many; sort gives all.")
      .require(args.sample_stride <= kMostStride,
               "`sample_stride` is above 65,536. Give it 0 for what suits the count.")
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
  const Call call{.name = name,
                  .args = args,
                  .is_largest = is_largest,
                  .most = most,
                  .kernels = kernels,
                  .plan = plan,
                  .scratch = scratch_for(frame, args.scratch, plan.size_bytes)};
  const bool is_sampled = plan.sample.stride != 0;
  const u32 readings = is_sampled ? 1 : radix_select_passes(type, args.end_bit, 1) + 2;
  const PassScope pass(frame, name, u64{most} * readings * bits / 8);
  if (plan.is_few) {
    append_few(frame, call);
    return {};
  }
  return is_sampled ? append_by_sample(frame, call) : append_by_rank(frame, call);
}

}  // namespace

Result<bool> prepare_top_k(gpu::Device& device, const TopKOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  SHOAL_TRY_SET(const bool is_sort_ready, prepare_sort(device, sort_options(options)));
  return is_ready && is_sort_ready;
}

u64 top_k_scratch_bytes(const gpu::Device& device, const TopKOptions& options, u32 most_elements, u32 k,
                        u32 sample_stride) {
  return plan_for(device, options, most_elements, k, sample_stride).size_bytes;
}

Result<void> top_k(gpu::Frame& frame, const TopK& args) { return append(frame, args, true); }

Result<void> bottom_k(gpu::Frame& frame, const TopK& args) { return append(frame, args, false); }

}  // namespace shoal::primitives
