#include "primitives/note_count.h"

#include "primitives/launch.h"
#include "primitives/note_count.kernel.h"

namespace shoal::primitives {
namespace {

Result<Kernels> kernels_for(gpu::Device& device) {
  const KernelChoice choice{.kernel = &note_count_kernel()};
  return request_kernels(device, std::span(&choice, 1));
}

}  // namespace

Result<bool> prepare_note_count(gpu::Device& device) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  return are_ready(kernels);
}

Result<void> note_count(gpu::Frame& frame, const gpu::Count& count, u32 most, const gpu::View& word) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(frame.device()));
  SHOAL_TRY(require_ready(kernels, "note_count"));
  const Step step{.kernel = kernels[0], .views = {word}};
  run_steps(frame, "note_count", 0, count, most, std::span(&step, 1));
  return {};
}

}  // namespace shoal::primitives
