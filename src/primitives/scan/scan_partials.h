// The middle of a reduce-then-scan: what strips have becomes what stands before each.
#pragma once

#include "primitives/launch.h"

namespace shoal::primitives {

inline constexpr size_t kPartialsKernels = 2;

// What the partials of so many elements take, and what is noted behind them.
u64 partials_bytes(u32 most_elements, u64 state_bytes);

// The kernels for such partials: `program` joins them, `features` say what they are (state.wgsl).
void add_partials_choices(std::vector<KernelChoice>& choices, const KernelChoice& joining);
// Sums of one u32 a strip, or of two, each below 2^32 in sum.
KernelChoice summing();
KernelChoice summing_pairs();

// An exclusive scan of the partials in place, and their total. `kernels`: those of the choices, in their order;
// `step`: with views of partials, total, and where segmented how many segments there are.
void add_partials_steps(std::vector<Step>& steps, std::span<const gpu::Kernel* const> kernels, Step step,
                        u32 most_elements);

}  // namespace shoal::primitives
