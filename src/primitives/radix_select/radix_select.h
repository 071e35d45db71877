// The keys at given ranks, as steps for primitives that need them: quantiles, top_k.
#pragma once

#include "primitives/arguments.h"
#include "primitives/element_type.h"
#include "primitives/launch.h"

namespace shoal::primitives {

inline constexpr u32 kMostSelectTargets = 8;  // radix_select.wgsl's

// From 0. With a denominator: so much of all keys, rounded up, less one; it is below 2^31.
struct SelectRank {
  u32 numerator = 0, denominator = 0;
  i32 offset = 0;  // added, as far as there are ranks
};

struct RadixSelect {
  ElementType type = ElementType::kU32;
  bool is_descending = false;
  u32 end_bit = 0;  // bits of keys from this one on are 0, where keys are unsigned; 0: none are
  gpu::View keys = {};
  gpu::View targets = {}, counts = {};  // radix_select_layout's
  gpu::View found = {};                 // an element a rank, from the one of this number on; bound in any case
  u32 first_found = 0;
  std::span<const SelectRank> ranks = {};  // at most kMostSelectTargets
  bool is_owned = false;                   // as the choices were made
  bool begins = true;  // else `targets` hold what a kernel of the caller's put there, and counts are all 0
  bool writes_found = true;
};

struct RadixSelectLayout {
  gpu::View targets, counts;
};
RadixSelectLayout add_radix_select(ScratchLayout& layout, ElementType type);

// begin_targets, count_digits, pick_digits, write_found. `is_owned`: keys lie in the buffer of targets and counts.
std::vector<KernelChoice> radix_select_choices(ElementType type, bool is_owned);

// `kernels`: those of the choices, in their order. Targets stay in `targets` (target.wgsl), and counts
// are left all 0.
std::vector<Step> radix_select_steps(std::span<const gpu::Kernel* const> kernels, const RadixSelect& args);

// How often keys are read.
u32 radix_select_passes(ElementType type, u32 end_bit, size_t ranks);

}  // namespace shoal::primitives
