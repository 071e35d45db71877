#include "primitives/reduce/reduce.h"

#include <algorithm>
#include <utility>

#include "primitives/arguments.h"
#include "primitives/reduce/reduce.kernel.h"
#include "primitives/reduce/reduce_merge.kernel.h"
#include "primitives/reduce/reduce_merge_layout.gen.h"
#include "primitives/tuning/tuning.h"

namespace shoal::primitives {
namespace {

// The kernel's sums hold so many blocks.
constexpr u32 kMostBlocksPerGroup = 16;

// What a workgroup does once costs a software adapter as much as a block, and it has few cores to fill; a GPU wants
// every workgroup it can get until all its cores are full.
u32 workgroups_for(const gpu::Device& device, u32 blocks) {
  const u32 enough = tuning(device.capabilities, Tunable::kReduce).values[0];
  return std::max(std::min(blocks, enough), divide_round_up(blocks, kMostBlocksPerGroup));
}

// Workgroups that merge so many states, before one merges what they leave; 1: it does so alone.
u32 merge_workgroups(u32 states) { return std::clamp(states / 2048, 1u, 256u); }
constexpr u64 kSecondParams = 256;  // where in the uniform buffer the second merge's are

}  // namespace

Result<void> Reduce::prepare(gpu::Device& device, const ElementProgram& program) {
  SHOAL_TRY(fold_.prepare(device, reduce_kernel(), program));
  SHOAL_TRY_SET(merge_, device.kernels.get(device.recorder, {.kernel = &reduce_merge_kernel().variant({})}));
  return {};
}

void Reduce::reserve(gpu::Device& device, u32 blocks) {
  using enum gpu::BufferUsage;
  gpu::Recorder& recorder = device.recorder;
  states_.reserve(device, u64{sizeof(ReduceState)} * blocks);
  partials_.reserve(device, u64{sizeof(ReduceState)} * merge_workgroups(blocks));
  is_new_ = true;
  if (params_ == 0) params_ = recorder.create_buffer("reduce params", 512, kUniform | kCopyDst);
  if (blocks_ != blocks) {
    blocks_ = blocks;
    for (const auto& [at, count] : {std::pair(u64{0}, blocks), {kSecondParams, merge_workgroups(blocks)}}) {
      const MergeParams params{.state_count = count};
      recorder.write({params_, at, sizeof params}, std::as_bytes(std::span(&params, 1)));
    }
  }
}

void Reduce::fold(gpu::Frame& frame, std::span<const u32> program_groups, u32 blocks, const u32* dynamic_offset) {
  if (std::exchange(is_new_, false)) {
    poison(frame, states_.first(u64{sizeof(ReduceState)} * blocks_));
    poison(frame, partials_.first(u64{sizeof(ReduceState)} * merge_workgroups(blocks_)));
  }
  fold_.fold(frame, states_.all(), program_groups, workgroups_for(frame.device(), blocks), dynamic_offset);
}

void Reduce::merge(gpu::Frame& frame, const gpu::View& result) {
  gpu::Device& device = frame.device();
  const auto dispatch = [&](u64 params_at, const gpu::View& states, const gpu::View& merged, u32 workgroups) {
    const gpu::View views[] = {{params_, params_at, sizeof(MergeParams)}, states, merged};
    const u32 group = device.bind_groups.get(device.recorder, merge_->bind_group_layouts[0], "reduce merge", views);
    frame.dispatch({.kernel = merge_, .groups = std::span(&group, 1), .x = workgroups, .work = "reduce"});
  };
  const gpu::View states = states_.all(), partials = partials_.all();
  const u32 workgroups = merge_workgroups(blocks_);
  if (workgroups > 1) dispatch(0, states, partials, workgroups);
  dispatch(workgroups > 1 ? kSecondParams : 0, workgroups > 1 ? partials : states, result, 1);
}

u128 reduce_sum(const ReduceState& state) {
  return (static_cast<u128>(state.sum_high) << 64) | join_words(state.sum_low[0], state.sum_low[1]);
}

}  // namespace shoal::primitives
