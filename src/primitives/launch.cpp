#include "primitives/launch.h"

#include <algorithm>

#include "primitives/count_grid.kernel.h"
#include "primitives/count_grid_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kGridWord = 60;  // count_grid.wgsl's

Result<const gpu::Kernel*> request(gpu::Device& device, const KernelChoice& choice) {
  std::vector<std::string_view> features = choice.features;
  if (device.capabilities.features.subgroups) features.emplace_back("subgroups");
  return device.kernels.get(device.recorder,
                            {.kernel = &choice.kernel->variant(std::span<const std::string_view>(features)),
                             .program = choice.program,
                             .program_bindings = choice.program_bindings,
                             .dynamic_group = 0,
                             .entry_point = choice.entry_point,
                             .constants = choice.constants});
}

u32 bind_group_for(gpu::Device& device, const gpu::Kernel& kernel, u32 group, std::span<const gpu::View> views) {
  return device.bind_groups.get(device.recorder, kernel.bind_group_layouts[group], kernel.name, views);
}

// Near to square where one dimension does not do, so that few workgroups have nothing to do.
void set_grid(gpu::Frame::Dispatch& dispatch, u32 groups, u32 most_per_dimension) {
  dispatch.y = divide_round_up(groups, most_per_dimension);
  dispatch.x = dispatch.y == 0 ? 0 : divide_round_up(groups, dispatch.y);
}

}  // namespace

Result<Kernels> request_kernels(gpu::Device& device, std::span<const KernelChoice> choices) {
  Kernels kernels;
  for (const KernelChoice& choice : choices) {
    SHOAL_TRY_SET(const gpu::Kernel* kernel, request(device, choice));
    kernels.push_back(kernel);
  }
  SHOAL_TRY_SET(const gpu::Kernel* count_grid, request(device, {.kernel = &count_grid_kernel()}));
  kernels.push_back(count_grid);
  return kernels;
}

Result<bool> are_ready(const Kernels& kernels) {
  for (const gpu::Kernel* kernel : kernels) {
    if (kernel->state == gpu::Kernel::State::kFailed) {
      return fail(ErrorCode::kDevice, "The kernel '{}' did not compile: {}", kernel->name, kernel->failure);
    }
  }
  return std::ranges::all_of(kernels, &gpu::Kernel::is_ready);
}

Result<void> require_ready(const Kernels& kernels, std::string_view primitive) {
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  if (is_ready) return {};
  return fail(ErrorCode::kInvalidArgument,
              "The kernels of {} are still being compiled. Call its prepare function ahead, with the same options, "
              "and wait until it says true.",
              primitive);
}

void run_steps(gpu::Frame& frame, std::string_view label, u64 bytes, const gpu::Count& count, u32 most,
               std::span<const Step> steps) {
  const PassScope pass(frame, label, bytes);
  gpu::Device& device = frame.device();
  std::vector<gpu::ParameterBlock> blocks(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    blocks[i][0] = most;
    std::ranges::copy(steps[i].parameters, blocks[i].begin() + 1);
    blocks[i][kGridWord] = steps[i].elements_per_group;
  }
  const gpu::ParameterRing::Slots slots = device.parameters.write(device.recorder, blocks);
  const auto slot = [&](u32 buffer) { return gpu::View{buffer, 0, gpu::kParameterSlotBytes}; };

  if (count.is_on_gpu()) {
    const u32 first_slot = static_cast<u32>(slots.first_offset_bytes / gpu::kParameterSlotBytes);
    const u64 word_offset = count.word().offset_bytes % 256;
    const CountGridParams params{.most_groups = device.capabilities.limits.max_workgroups_per_dimension,
                                 .first_slot = first_slot,
                                 .count_word = static_cast<u32>(word_offset / 4),
                                 .most = most};
    gpu::ParameterBlock block{};
    std::memcpy(block.data(), &params, sizeof params);
    const gpu::ParameterRing::Slots own = device.parameters.write(device.recorder, std::span(&block, 1));
    // Requested with the kernels of every primitive, so it is there and ready.
    const gpu::Kernel* kernel = request(device, {.kernel = &count_grid_kernel()}).value();
    constexpr u64 kPageBytes = 256 * gpu::kParameterSlotBytes;
    const gpu::View views[] = {slot(own.host_buffer),
                               {slots.host_buffer, 0, kPageBytes},
                               {slots.gpu_buffer, 0, kPageBytes},
                               {count.word().buffer, count.word().offset_bytes - word_offset, word_offset + 4}};
    const u32 group = bind_group_for(device, *kernel, 0, views);
    frame.dispatch({.kernel = kernel,
                    .groups = std::span(&group, 1),
                    .dynamic_offset = own.first_offset_bytes,
                    .has_dynamic_offset = true,
                    .x = static_cast<u32>(steps.size())});
  }

  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    std::vector<gpu::View> views = {slot(count.is_on_gpu() ? slots.gpu_buffer : slots.host_buffer)};
    views.insert(views.end(), step.views.begin(), step.views.end());
    std::array<u32, 2> groups = {bind_group_for(device, *step.kernel, 0, views)};
    const bool has_program = !step.program_views.empty();
    if (has_program) groups[1] = bind_group_for(device, *step.kernel, 1, step.program_views);
    gpu::Frame::Dispatch dispatch{
        .kernel = step.kernel,
        .groups = std::span(groups).first(has_program ? 2 : 1),
        .dynamic_offset = static_cast<u32>(slots.first_offset_bytes + i * gpu::kParameterSlotBytes),
        .has_dynamic_offset = true,
        .work = label};
    if (step.elements_per_group == 0) {
      dispatch.x = step.groups;
      frame.dispatch(dispatch);
    } else if (count.is_on_gpu()) {
      frame.dispatch_indirect(dispatch, {slots.gpu_buffer, dispatch.dynamic_offset + kGridWord * 4, 12});
    } else {
      set_grid(dispatch, most / step.elements_per_group + (most % step.elements_per_group == 0 ? 0 : 1),
               device.capabilities.limits.max_workgroups_per_dimension);
      if (dispatch.y != 0) frame.dispatch(dispatch);
    }
  }
}

}  // namespace shoal::primitives
