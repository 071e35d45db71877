#include "primitives/row_samples/row_samples.h"

#include <cmath>

#include "primitives/arguments.h"
#include "primitives/compact/compact.h"
#include "primitives/key_order.h"
#include "primitives/radix_select/radix_select.h"
#include "primitives/random/random.h"
#include "primitives/row_samples/sample_bits.kernel.h"
#include "primitives/row_samples/sample_bits_layout.gen.h"
#include "primitives/scan/scan_partials.h"
#include "primitives/strips.h"
#include "primitives/top_k/top_k.kernel.h"
#include "primitives/top_k/top_k_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kSampleName = "sample_rows", kBernoulliName = "bernoulli_rows";
constexpr u32 kRowsPerBitsGroup = 4096;  // sample_bits.wgsl's
constexpr ElementType kWord = ElementType::kU32;

struct SamplePlan {
  RadixSelectLayout select;
  gpu::View partials, total, values;
  u64 size_bytes = 0;
};

SamplePlan sample_plan(u32 most_rows, u32 k) {
  ScratchLayout layout;
  SamplePlan plan;
  plan.select = add_radix_select(layout, kWord);
  plan.partials = layout.add(partials_bytes(most_rows, 8));
  plan.total = layout.add(8);
  plan.values = layout.add(u64{std::min(k, most_rows)} * 4);
  plan.size_bytes = layout.size_bytes();
  return plan;
}

enum KernelName : size_t {
  kSelect = 0,
  kPartials = 4,
  kNoteCount = kPartials + kPartialsKernels,
  kCountStrips,
  kChooseStrips,
};

// radix_select's, those of partials, and of top_k those that take the k smallest by their rank.
Result<Kernels> sample_kernels(gpu::Device& device) {
  std::vector<KernelChoice> choices = radix_select_choices(kWord, false);
  add_partials_choices(choices, summing_pairs());
  for (const std::string_view entry_point : {"note_count", "count_strips", "choose_strips"}) {
    choices.push_back(
        {.kernel = &top_k_kernel(), .entry_point = entry_point, .features = strip_features(device.capabilities)});
  }
  return request_kernels(device, choices);
}

Result<Kernels> bits_kernels(gpu::Device& device) {
  const KernelChoice choice{.kernel = &sample_bits_kernel()};
  return request_kernels(device, std::span(&choice, 1));
}

CompactOptions drawn() { return {.keep = {.by = Selection::By::kBits}, .has_values = false, .has_rows = true}; }

std::array<u32, 2> words_of(u64 number) { return {low_word(number), high_word(number)}; }

}  // namespace

Result<bool> prepare_sample_rows(gpu::Device& device) {
  SHOAL_TRY_SET(const bool are_numbers_ready, prepare_random_numbers(device));
  SHOAL_TRY_SET(const Kernels kernels, sample_kernels(device));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  return are_numbers_ready && is_ready;
}

u64 sample_rows_scratch_bytes(const gpu::Device&, u32 most_rows, u32 k) {
  return sample_plan(most_rows, k).size_bytes;
}

Result<void> sample_rows(gpu::Frame& frame, const SampleRows& args) {
  gpu::Device& device = frame.device();
  const SamplePlan plan = sample_plan(most_elements(args.count, args.words, 32), args.k);
  Arguments arguments(device, kSampleName, args.count);
  arguments.require(args.k >= 1, "`k` is 0. Ask for 1 row at least.")
      .read("words", args.words, 32)
      .write_bytes("rows", args.rows, u64{args.k} * 4)
      .write_bytes("result_count", args.result_count, 4)
      .scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, sample_kernels(device));
  SHOAL_TRY(require_ready(kernels, kSampleName));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View targets = part_of(scratch, plan.select.targets), partials = part_of(scratch, plan.partials),
                  total = part_of(scratch, plan.total);

  const PassScope pass(frame, kSampleName, u64{most} * 24);
  SHOAL_TRY(
      random_numbers(frame, {.seed = args.seed, .stream = args.stream, .count = args.count, .result = args.words}));
  const SelectRank last{.numerator = args.k - 1};
  const auto all = std::span(kernels);
  std::vector<Step> steps =
      radix_select_steps(all.subspan(kSelect), {.type = kWord,
                                                .keys = args.words,
                                                .targets = targets,
                                                .counts = part_of(scratch, plan.select.counts),
                                                .found = total,
                                                .ranks = std::span(&last, 1),
                                                .writes_found = false});
  Step step{
      .views = {args.words, targets, partials, total, part_of(scratch, plan.values), args.rows, args.result_count}};
  step.with(TopKParams{.k = args.k, .flips = image_flips(kWord, false), .by_row = 1});
  const auto add = [&](KernelName kernel, u32 elements_per_group) {
    step.kernel = kernels[kernel];
    step.elements_per_group = elements_per_group;
    steps.push_back(step);
  };
  const u32 per_group = strip_elements_per_group(device.capabilities);
  add(kNoteCount, 0);
  add(kCountStrips, per_group);
  add_partials_steps(steps, all.subspan(kPartials), {.views = {partials, total}}, most);
  add(kChooseStrips, per_group);
  run_steps(frame, kSampleName, 0, args.count, most, steps);
  return {};
}

Result<bool> prepare_bernoulli_rows(gpu::Device& device) {
  SHOAL_TRY_SET(const Kernels kernels, bits_kernels(device));
  SHOAL_TRY_SET(const bool are_bits_ready, are_ready(kernels));
  SHOAL_TRY_SET(const bool is_ready, prepare_compact(device, drawn()));
  return are_bits_ready && is_ready;
}

u64 bernoulli_rows_scratch_bytes(const gpu::Device& device, u32 most_rows) {
  return compact_scratch_bytes(device, most_rows);
}

Result<void> bernoulli_rows(gpu::Frame& frame, const BernoulliRows& args) {
  gpu::Device& device = frame.device();
  const u64 scratch_bytes = compact_scratch_bytes(device, most_elements(args.count, args.rows, 32));
  Arguments arguments(device, kBernoulliName, args.count);
  arguments.require(args.chance >= 0 && args.chance <= 1, "`chance` is not from 0 to 1. Give such a share.")
      .read("bits", args.bits, 1)
      .write("rows", args.rows, 32)
      .write_bytes("result_count", args.result_count, 4)
      .scratch(args.scratch, scratch_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, bits_kernels(device));
  SHOAL_TRY(require_ready(kernels, kBernoulliName));
  const PassScope pass(frame, kBernoulliName, u64{most} / 2);
  Step step{.kernel = kernels[0], .views = {args.bits}, .elements_per_group = kRowsPerBitsGroup};
  const u64 bound = static_cast<u64>(std::ldexp(double{args.chance}, 32));
  step.with(SampleBitsParams{.bound = low_word(bound),
                             .seed = words_of(args.seed),
                             .stream = words_of(args.stream),
                             .keeps_all = high_word(bound)});
  run_steps(frame, kBernoulliName, 0, args.count, most, std::span(&step, 1));
  return compact(frame, {.options = drawn(),
                         .keep_views = std::span(&args.bits, 1),
                         .count = args.count,
                         .rows = args.rows,
                         .kept_count = args.result_count,
                         .scratch = args.scratch});
}

}  // namespace shoal::primitives
