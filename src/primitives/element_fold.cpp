#include "primitives/element_fold.h"

#include <algorithm>
#include <array>
#include <vector>

namespace shoal::primitives {

Result<void> ElementFold::prepare(gpu::Device& device, const wgsl::Kernel& kernel, const ElementProgram& program) {
  std::vector<std::string_view> features;
  if (program.wide) features.emplace_back("wide");
  if (program.dense) features.emplace_back("dense");
  if (device.capabilities.features.subgroups) features.emplace_back("subgroups");
  SHOAL_TRY_SET(kernel_, device.kernels.get(device.recorder,
                                            {.kernel = &kernel.variant(std::span<const std::string_view>(features)),
                                             .program = program.text,
                                             .program_bindings = program.bindings,
                                             .dynamic_group = program.dynamic_group}));
  dynamic_group_ = program.dynamic_group;
  return {};
}

void ElementFold::fold(gpu::Frame& frame, const gpu::View& state, std::span<const u32> program_groups,
                       u32 workgroups, const u32* dynamic_offset) const {
  gpu::Device& device = frame.device();
  std::array<u32, 4> groups = {
      device.bind_groups.get(device.recorder, kernel_->bind_group_layouts[0], kernel_->name, std::span(&state, 1))};
  std::ranges::copy(program_groups, groups.begin() + 1);
  const u32 most = device.capabilities.limits.max_workgroups_per_dimension;
  frame.dispatch({.kernel = kernel_,
                  .groups = std::span(groups).first(1 + program_groups.size()),
                  .dynamic_offset = dynamic_offset == nullptr ? 0 : *dynamic_offset,
                  .has_dynamic_offset = dynamic_offset != nullptr,
                  .dynamic_group = dynamic_group_,
                  .x = std::min(workgroups, most),
                  .y = divide_round_up(workgroups, most)});
}

}  // namespace shoal::primitives
