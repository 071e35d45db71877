#include "primitives/quantiles/quantiles.h"

#include <algorithm>
#include <cmath>

#include "primitives/key_order.h"
#include "primitives/quantiles/brackets.kernel.h"
#include "primitives/quantiles/brackets_layout.gen.h"
#include "primitives/quantiles/shares.h"
#include "primitives/radix_select/radix_select.h"
#include "primitives/samples/samples.h"

namespace shoal::primitives {
namespace {

// brackets.wgsl's.
constexpr size_t kMostBrackets = 4;
constexpr u32 kElementsPerGroup = 32768;
// Samples pay where they leave out most elements.
constexpr u32 kLeastLeftOut = 4;

struct Plan {
  SamplePlan sample;
  std::vector<u32> margins;  // of each quantile, in ranks of the sample
  u32 room = 0;              // for elements in brackets
  RadixSelectLayout select;
  SampleViews samples;
  gpu::View brackets, counts, kept, left;
  u64 size_bytes = 0;
};

// To each side of a quantile's rank in the sample; the quantile itself lies between but once in many million times.
u32 margin_of(const Quantile& quantile, u32 samples) {
  const double share = static_cast<double>(quantile.numerator) / quantile.denominator;
  return with_margin(0) + static_cast<u32>(6 * std::sqrt(samples * share * (1 - share)));
}

// Elements between the ends of four brackets at most; 0 where that leaves out too few.
u32 room_for(const Plan& plan, u32 most_elements) {
  u64 most = 0;
  for (size_t first = 0; first < plan.margins.size(); first += kMostBrackets) {
    u64 samples = 0;
    for (const u32 margin :
         std::span(plan.margins).subspan(first).first(std::min(kMostBrackets, plan.margins.size() - first))) {
      samples += with_margin(2.0 * margin);
    }
    most = std::max(most, samples * plan.sample.stride);
  }
  return static_cast<u32>(std::min<u64>(most, most_elements));
}

Plan plan_for(ElementType type, u32 most_elements, std::span<const Quantile> list, u32 sample_stride) {
  Plan plan;
  plan.sample = sample_plan(most_elements, sample_stride);
  if (plan.sample.stride != 0) {
    for (const Quantile& quantile : list) plan.margins.push_back(margin_of(quantile, plan.sample.most));
    plan.room = room_for(plan, most_elements);
    if (sample_stride == 0 && plan.room > most_elements / kLeastLeftOut) plan.sample = {};
  }
  ScratchLayout layout;
  plan.select = add_radix_select(layout, type);
  if (plan.sample.stride != 0) {
    plan.samples = add_samples(layout, plan.sample, type);
    plan.brackets = layout.add(kMostBrackets * (2 * element_bytes(type) + 8));
    plan.counts = layout.add((4 * kMostBrackets + 1) * 4);
    plan.kept = layout.add(u64{plan.room} * element_bytes(type));
    plan.left = layout.add(8);
  }
  plan.size_bytes = layout.size_bytes();
  return plan;
}

enum KernelName : size_t {
  kSelect = 0,       // radix_select's, over what the caller gives
  kSelectOwned = 4,  // and over samples and kept elements
  kTakeSamples = 8,  // then note_samples
  kBrackets = 10,    // make_brackets, collect, settle, write_bracketed
  kBracketsOfOne = 14,
  kBracketsOfThree = 18,
};
enum BracketKernel : size_t { kMakeBrackets, kCollect, kSettle, kWriteBracketed };

Result<Kernels> kernels_for(gpu::Device& device, const QuantilesOptions& options) {
  std::vector<KernelChoice> choices = radix_select_choices(options.type, false);
  for (const auto& more : {radix_select_choices(options.type, true), sample_choices(options.type)}) {
    choices.insert(choices.end(), more.begin(), more.end());
  }
  for (const std::string_view brackets : {"", "single", "triple"}) {
    KernelChoice choice{.kernel = &brackets_kernel()};
    if (!brackets.empty()) choice.features.push_back(brackets);
    if (is_wide(options.type)) choice.features.emplace_back("wide");
    if (options.type == ElementType::kF32) choice.features.emplace_back("floats");
    for (const std::string_view entry_point : {"make_brackets", "collect", "settle", "write_bracketed"}) {
      choice.entry_point = entry_point;
      choices.push_back(choice);
    }
  }
  return request_kernels(device, choices);
}

// One call: what its steps share.
struct Call {
  const Quantiles& args;
  u32 most;
  const Kernels& kernels;
  const Plan& plan;
  gpu::View scratch;

  gpu::View part(const gpu::View& part) const { return part_of(scratch, part); }
};

RadixSelect select_of(const Call& call, const gpu::View& keys, std::span<const SelectRank> ranks) {
  return {.type = call.args.options.type,
          .end_bit = call.args.end_bit,
          .keys = keys,
          .targets = call.part(call.plan.select.targets),
          .counts = call.part(call.plan.select.counts),
          .found = call.args.result,
          .ranks = ranks};
}

// All of them from one reading for each digit.
void find_by_digits(gpu::Frame& frame, const Call& call, const gpu::Count& count, size_t first,
                    std::span<const SelectRank> ranks) {
  RadixSelect select = select_of(call, call.args.values, ranks);
  select.first_found = static_cast<u32>(first);
  run_steps(frame, "quantiles", 0, count, call.most,
            radix_select_steps(std::span(call.kernels).subspan(kSelect), select));
}

void bracket_steps(gpu::Frame& frame, const Call& call, const gpu::Count& count, u32 most, size_t first,
                   std::span<const SelectRank> ranks, std::initializer_list<BracketKernel> kernels) {
  const Plan& plan = call.plan;
  const KeyFlips flips = key_flips(call.args.options.type, false);
  BracketsParams params{.target_count = static_cast<u32>(ranks.size()),
                        .flips = image_flips(call.args.options.type, false),
                        .sign_flip = flips.sign_flip,
                        .is_float = flips.is_float,
                        .room = plan.room,
                        .first_found = static_cast<u32>(first)};
  for (size_t i = 0; i < ranks.size(); ++i) {
    params.numerators[i] = ranks[i].numerator;
    params.denominators[i] = ranks[i].denominator;
    params.margins[i] = plan.margins[first + i];
  }
  Step step{.views = {call.args.values, call.part(plan.select.targets), call.part(plan.brackets),
                      call.part(plan.counts), call.part(plan.kept), call.part(plan.left), call.args.result}};
  step.with(params);
  std::vector<Step> steps;
  for (const BracketKernel kernel : kernels) {
    const size_t set = ranks.size() == 1 ? kBracketsOfOne : ranks.size() == 3 ? kBracketsOfThree : kBrackets;
    step.kernel = call.kernels[set + kernel];
    step.elements_per_group = kernel == kCollect ? kElementsPerGroup : 0;
    steps.push_back(step);
  }
  run_steps(frame, "quantiles", 0, count, most, steps);
}

// Up to four of them from one reading.
void find_by_brackets(gpu::Frame& frame, const Call& call, const SampleViews& samples, size_t first,
                      std::span<const SelectRank> ranks) {
  const Plan& plan = call.plan;
  const auto kernels = std::span(call.kernels);
  std::vector<SelectRank> ends;
  for (size_t i = 0; i < ranks.size(); ++i) {
    const i32 margin = static_cast<i32>(plan.margins[first + i]);
    for (const i32 offset : {-margin, margin}) {
      ends.push_back(ranks[i]);
      ends.back().offset = offset;
    }
  }
  const gpu::Count samples_taken = sample_count(plan.sample, call.args.count, samples);
  RadixSelect select = select_of(call, samples.samples, ends);
  select.is_owned = true;
  select.writes_found = false;
  run_steps(frame, "quantiles", 0, samples_taken, plan.sample.most,
            radix_select_steps(kernels.subspan(kSelectOwned), select));
  bracket_steps(frame, call, samples_taken, plan.sample.most, first, ranks, {kMakeBrackets});
  bracket_steps(frame, call, call.args.count, call.most, first, ranks, {kCollect, kSettle});
  const gpu::View left = call.part(plan.left);
  select = select_of(call, call.part(plan.kept), ranks);
  select.is_owned = true;
  select.begins = select.writes_found = false;
  run_steps(frame, "quantiles", 0, gpu::Count(gpu::View{left.buffer, left.offset_bytes, 4}), plan.room,
            radix_select_steps(kernels.subspan(kSelectOwned), select));
  bracket_steps(frame, call, call.args.count, call.most, first, ranks, {kWriteBracketed});
  find_by_digits(frame, call, gpu::Count(gpu::View{left.buffer, left.offset_bytes + 4, 4}), first, ranks);
}

}  // namespace

Result<bool> prepare_quantiles(gpu::Device& device, const QuantilesOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 quantiles_scratch_bytes(const gpu::Device&, const QuantilesOptions& options, u32 most_elements,
                            std::span<const Quantile> list, u32 sample_stride) {
  return plan_for(options.type, most_elements, list, sample_stride).size_bytes;
}

Result<void> quantiles(gpu::Frame& frame, const Quantiles& args) {
  gpu::Device& device = frame.device();
  const ElementType type = args.options.type;
  const u32 bits = element_bytes(type) * 8;
  const bool has_shares = are_shares(args.quantiles);
  const Plan plan = plan_for(type, most_elements(args.count, args.values, bits),
                             has_shares ? args.quantiles : std::span<const Quantile>(), args.sample_stride);
  Arguments arguments(device, "quantiles", args.count);
  arguments.require(!args.quantiles.empty(), "`quantiles` is empty. Name at least one.")
      .require(has_shares, kAreNoShares)
      .require(args.sample_stride <= kMostStride,
               "`sample_stride` is above 65,536. Give it 0 for what suits the count.")
      .require(args.end_bit == 0 || (args.end_bit <= bits && is_unsigned(type)),
               "`end_bit` is above the bits of the type, or the type is not unsigned. Give it 0, or the bits that "
               "unsigned elements use.")
      .read("values", args.values, bits)
      .write_bytes("result", args.result, u64{args.quantiles.size()} * bits / 8)
      .scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, "quantiles"));
  const Call call{.args = args,
                  .most = most,
                  .kernels = kernels,
                  .plan = plan,
                  .scratch = scratch_for(frame, args.scratch, plan.size_bytes)};
  std::vector<SelectRank> ranks;
  for (const Quantile& quantile : args.quantiles) {
    ranks.push_back({.numerator = quantile.numerator, .denominator = quantile.denominator});
  }
  const bool is_sampled = plan.sample.stride != 0;
  const size_t at_once = is_sampled ? kMostBrackets : kMostSelectTargets;
  const u64 readings = is_sampled ? 1 : radix_select_passes(type, args.end_bit, ranks.size());
  const PassScope pass(frame, "quantiles",
                       u64{most} * readings * divide_round_up(ranks.size(), at_once) * bits / 8);
  const SampleViews samples{call.part(plan.samples.samples), call.part(plan.samples.count)};
  if (is_sampled) {
    run_steps(frame, "quantiles", 0, args.count, most,
              sample_steps(std::span(kernels).subspan(kTakeSamples), plan.sample, args.values, samples));
  }
  for (size_t first = 0; first < ranks.size(); first += at_once) {
    const auto some = std::span(ranks).subspan(first, std::min(at_once, ranks.size() - first));
    if (is_sampled) {
      find_by_brackets(frame, call, samples, first, some);
    } else {
      find_by_digits(frame, call, args.count, first, some);
    }
  }
  return {};
}

}  // namespace shoal::primitives
