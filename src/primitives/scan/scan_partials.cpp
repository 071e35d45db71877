#include "primitives/scan/scan_partials.h"

#include <algorithm>

#include "primitives/element_type.h"
#include "primitives/scan/scan_partials.kernel.h"
#include "primitives/strips.h"

namespace shoal::primitives {
namespace {

constexpr u64 kChunkPartials = 1024;  // scan_partials.wgsl's

u64 chunk_count(u32 most_elements) { return divide_round_up(strip_count(most_elements), kChunkPartials); }

}  // namespace

u64 partials_bytes(u32 most_elements, u64 state_bytes) {
  return (strip_count(most_elements) + chunk_count(most_elements)) * state_bytes;
}

void add_partials_choices(std::vector<KernelChoice>& choices, const KernelChoice& joining) {
  for (const std::string_view entry_point : {"sum_chunks", "scan_chunks"}) {
    choices.push_back(joining);
    choices.back().kernel = &scan_partials_kernel();
    choices.back().entry_point = entry_point;
  }
}

KernelChoice summing() { return {.program = operator_program(ElementType::kU32, Operator::kSum).text}; }

KernelChoice summing_pairs() {
  // A 64-bit sum whose low half never carries.
  return {.features = {"wide"}, .program = operator_program(ElementType::kU64, Operator::kSum).text};
}

void add_partials_steps(std::vector<Step>& steps, std::span<const gpu::Kernel* const> kernels, Step step,
                        u32 most_elements) {
  step.groups = static_cast<u32>(std::max<u64>(1, chunk_count(most_elements)));
  for (size_t i = step.groups == 1 ? 1 : 0; i < kPartialsKernels; ++i) {
    step.kernel = kernels[i];
    steps.push_back(step);
  }
}

}  // namespace shoal::primitives
