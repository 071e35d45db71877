#include "primitives/reduce/reduce.h"

#include <algorithm>
#include <array>

#include "primitives/reduce/reduce.kernel.h"
#include "primitives/reduce/reduce_merge.kernel.h"
#include "primitives/reduce/reduce_merge_layout.gen.h"

namespace shoal::primitives {

Result<void> Reduce::prepare(gpu::Device& device, const ReduceProgram& program) {
  const std::string_view features[] = {"wide"};
  const auto enabled = std::span(features).first(program.wide ? 1 : 0);
  SHOAL_TRY_SET(fold_, device.kernels.get(device.recorder, {.kernel = &reduce_kernel().variant(enabled),
                                                            .program = program.text,
                                                            .program_bindings = program.bindings,
                                                            .dynamic_group = program.dynamic_group}));
  SHOAL_TRY_SET(merge_, device.kernels.get(device.recorder, {.kernel = &reduce_merge_kernel().variant({})}));
  dynamic_group_ = program.dynamic_group;
  return {};
}

void Reduce::reserve(gpu::Device& device, u32 blocks) {
  using enum gpu::BufferUsage;
  gpu::Recorder& recorder = device.recorder;
  const u64 needed_bytes = sizeof(ReduceState) * std::max<u64>(blocks, 8);
  if (states_ == 0 || states_bytes_ < needed_bytes) {
    if (states_ != 0) {
      device.bind_groups.forget(recorder, states_);
      recorder.say(gpu::DestroyBuffer{.buffer = states_});
    }
    states_bytes_ = std::bit_ceil(needed_bytes);
    states_ = recorder.create_buffer("reduce states", states_bytes_, kStorage);
  }
  if (params_ == 0) params_ = recorder.create_buffer("reduce params", 256, kUniform | kCopyDst);
  if (params_blocks_ != blocks) {
    params_blocks_ = blocks;
    const MergeParams params{.state_count = blocks};
    recorder.write({params_, 0, sizeof params}, std::as_bytes(std::span(&params, 1)));
  }
}

void Reduce::fold(gpu::Frame& frame, std::span<const u32> program_groups, u32 blocks, const u32* dynamic_offset) {
  gpu::Device& device = frame.device();
  const gpu::View states{states_, 0, states_bytes_};
  std::array<u32, 4> groups = {
      device.bind_groups.get(device.recorder, fold_->bind_group_layouts[0], "reduce", std::span(&states, 1))};
  std::ranges::copy(program_groups, groups.begin() + 1);
  const u32 most = device.capabilities.limits.max_workgroups_per_dimension;
  frame.dispatch({.kernel = fold_,
                  .groups = std::span(groups).first(1 + program_groups.size()),
                  .dynamic_offset = dynamic_offset == nullptr ? 0 : *dynamic_offset,
                  .has_dynamic_offset = dynamic_offset != nullptr,
                  .dynamic_group = dynamic_group_,
                  .x = std::min(blocks, most),
                  .y = divide_round_up(blocks, most)});
}

void Reduce::merge(gpu::Frame& frame, const gpu::View& result) {
  gpu::Device& device = frame.device();
  const gpu::View views[] = {{params_, 0, sizeof(MergeParams)}, {states_, 0, states_bytes_}, result};
  const u32 group = device.bind_groups.get(device.recorder, merge_->bind_group_layouts[0], "reduce merge", views);
  frame.dispatch({.kernel = merge_, .groups = std::span(&group, 1)});
}

u128 reduce_sum(const ReduceState& state) {
  return (static_cast<u128>(state.sum_high) << 64) | join_words(state.sum_low[0], state.sum_low[1]);
}

}  // namespace shoal::primitives
