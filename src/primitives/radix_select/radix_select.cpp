#include "primitives/radix_select/radix_select.h"

#include <algorithm>

#include "primitives/key_order.h"
#include "primitives/radix_select/radix_select.kernel.h"
#include "primitives/radix_select/radix_select_layout.gen.h"

namespace shoal::primitives {
namespace {

// radix_select.wgsl's.
constexpr u32 kKeysPerGroup = 32768, kOwnedKeysPerGroup = 2048, kCounts = 2048;

u32 digit_bits_for(size_t ranks) { return ranks == 1 ? 11 : 8; }

u32 key_bits(ElementType type, u32 end_bit) { return end_bit == 0 ? element_bytes(type) * 8 : end_bit; }

}  // namespace

RadixSelectLayout add_radix_select(ScratchLayout& layout, ElementType type) {
  // Target of radix_select.wgsl: an image and two words.
  return {.targets = layout.add(u64{kMostSelectTargets} * (element_bytes(type) + 8)),
          .counts = layout.add(kCounts * 4)};
}

std::vector<KernelChoice> radix_select_choices(ElementType type, bool is_owned) {
  std::vector<KernelChoice> choices;
  for (const std::string_view entry_point : {"begin_targets", "count_digits", "pick_digits", "write_found"}) {
    choices.push_back({.kernel = &radix_select_kernel(), .entry_point = entry_point});
    if (is_wide(type)) choices.back().features.emplace_back("wide");
    if (is_owned) choices.back().features.emplace_back("owned");
  }
  return choices;
}

u32 radix_select_passes(ElementType type, u32 end_bit, size_t ranks) {
  return divide_round_up(key_bits(type, end_bit), digit_bits_for(ranks));
}

std::vector<Step> radix_select_steps(std::span<const gpu::Kernel* const> kernels, const RadixSelect& args) {
  const KeyFlips flips = key_flips(args.type, args.is_descending);
  RadixSelectParams params{.target_count = static_cast<u32>(args.ranks.size()),
                           .is_first = 1,
                           .sign_flip = flips.sign_flip,
                           .is_float = flips.is_float,
                           .order_flip = flips.order_flip,
                           .first_found = args.first_found,
                           .end_bit = key_bits(args.type, args.end_bit)};
  for (size_t i = 0; i < args.ranks.size(); ++i) {
    params.numerators[i / 4][i % 4] = args.ranks[i].numerator;
    params.denominators[i / 4][i % 4] = args.ranks[i].denominator;
    params.offsets[i / 4][i % 4] = args.ranks[i].offset;
  }
  Step step{.views = {args.keys, args.targets, args.counts, args.found}};
  std::vector<Step> steps;
  const auto add = [&](size_t kernel, u32 elements_per_group) {
    step.kernel = kernels[kernel];
    step.elements_per_group = elements_per_group;
    steps.push_back(step.with(params));
  };
  if (args.begins) add(0, 0);
  for (u32 end = key_bits(args.type, args.end_bit); end > 0; end = params.shift) {
    params.digit_bits = std::min(end, digit_bits_for(args.ranks.size()));
    params.shift = end - params.digit_bits;
    add(1, args.is_owned ? kOwnedKeysPerGroup : kKeysPerGroup);
    add(2, 0);
    params.is_first = 0;
  }
  if (args.writes_found) add(3, 0);
  return steps;
}

}  // namespace shoal::primitives
