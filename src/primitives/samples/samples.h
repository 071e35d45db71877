// A sample of an array, for primitives that look at all of it once they know where to look.
#pragma once

#include "gpu/count.h"
#include "primitives/arguments.h"
#include "primitives/element_type.h"
#include "primitives/launch.h"

namespace shoal::primitives {

inline constexpr u32 kMostStride = 65536;

struct SamplePlan {
  u32 stride = 0;  // neighbours of which one is taken; 0: so few elements that a sample does not pay
  u32 most = 0;    // samples at most
};

// `stride`: as asked for, or 0 for what suits so many elements.
SamplePlan sample_plan(u32 most_elements, u32 stride);

// How many of `samples` to allow for where about so many are expected: six standard deviations more, and some,
// since few are not distributed normally.
u32 with_margin(double samples);

struct SampleViews {
  gpu::View samples, count;
};
SampleViews add_samples(ScratchLayout& layout, const SamplePlan& plan, ElementType type);

// take_samples, note_samples.
std::vector<KernelChoice> sample_choices(ElementType type);
std::vector<Step> sample_steps(std::span<const gpu::Kernel* const> kernels, const SamplePlan& plan,
                               const gpu::View& values, const SampleViews& views);

// How many samples there are of so many elements, once the steps ran.
gpu::Count sample_count(const SamplePlan& plan, const gpu::Count& count, const SampleViews& views);

}  // namespace shoal::primitives
