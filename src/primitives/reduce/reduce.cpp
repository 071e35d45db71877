#include "primitives/reduce/reduce.h"

#include <algorithm>

#include "primitives/reduce/reduce.kernel.h"
#include "primitives/reduce/reduce_merge.kernel.h"
#include "primitives/reduce/reduce_merge_layout.gen.h"

namespace shoal::primitives {
namespace {

// The kernel's sums hold so many blocks.
constexpr u32 kMostBlocksPerGroup = 16;

// What a workgroup does once costs a software adapter as much as a block, and it has few cores to fill; a GPU wants
// every workgroup it can get until all its cores are full.
u32 workgroups_for(const gpu::Device& device, u32 blocks) {
  const u32 enough = device.capabilities.type == gpu::AdapterType::kSoftware ? 16 : 8192;
  return std::max(std::min(blocks, enough), divide_round_up(blocks, kMostBlocksPerGroup));
}

}  // namespace

Result<void> Reduce::prepare(gpu::Device& device, const ElementProgram& program) {
  SHOAL_TRY(fold_.prepare(device, reduce_kernel(), program));
  SHOAL_TRY_SET(merge_, device.kernels.get(device.recorder, {.kernel = &reduce_merge_kernel().variant({})}));
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
  fold_.fold(frame, {states_, 0, states_bytes_}, program_groups, workgroups_for(frame.device(), blocks),
             dynamic_offset);
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
