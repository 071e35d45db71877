#include "primitives/samples/samples.h"

#include <algorithm>
#include <cmath>

#include "primitives/samples/samples.kernel.h"
#include "primitives/samples/samples_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kLanes = 64;  // samples.wgsl's
constexpr u32 kLeastElements = 1 << 20, kLeastStride = 64, kMostSamples = 1 << 18;

}  // namespace

SamplePlan sample_plan(u32 most_elements, u32 stride) {
  if (stride == 0 && most_elements < kLeastElements) return {};
  const u32 chosen = stride != 0 ? stride : std::max(kLeastStride, divide_round_up(most_elements, kMostSamples));
  return {.stride = chosen, .most = divide_round_up(most_elements, chosen)};
}

u32 with_margin(double samples) { return static_cast<u32>(std::ceil(samples + 6 * std::sqrt(samples) + 24)); }

SampleViews add_samples(ScratchLayout& layout, const SamplePlan& plan, ElementType type) {
  return {.samples = layout.add(u64{plan.most} * element_bytes(type)), .count = layout.add(4)};
}

std::vector<KernelChoice> sample_choices(ElementType type) {
  std::vector<KernelChoice> choices;
  for (const std::string_view entry_point : {"take_samples", "note_samples"}) {
    choices.push_back({.kernel = &samples_kernel(), .entry_point = entry_point});
    if (is_wide(type)) choices.back().features.emplace_back("wide");
  }
  return choices;
}

std::vector<Step> sample_steps(std::span<const gpu::Kernel* const> kernels, const SamplePlan& plan,
                               const gpu::View& values, const SampleViews& views) {
  std::vector<Step> steps(2);
  for (size_t i = 0; i < 2; ++i) {
    steps[i].kernel = kernels[i];
    steps[i].views = {values, views.samples, views.count};
    steps[i].elements_per_group = i == 0 ? kLanes * plan.stride : 0;
    steps[i].with(SamplesParams{.stride = plan.stride});
  }
  return steps;
}

gpu::Count sample_count(const SamplePlan& plan, const gpu::Count& count, const SampleViews& views) {
  return count.is_on_gpu() ? gpu::Count(views.count) : gpu::Count(divide_round_up(count.elements(), plan.stride));
}

}  // namespace shoal::primitives
