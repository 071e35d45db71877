// Count, exact sum, minimum and maximum of unsigned integers that a slot program reads from anywhere.
#pragma once

#include <span>
#include <string_view>

#include "gpu/device.h"
#include "primitives/reduce/reduce_state_layout.gen.h"

namespace shoal::primitives {

// What stands in for elements: WGSL that declares
//   fn row_count() -> u32                     elements of a dispatch
//   fn first_block() -> u32                   blocks of 4,096 elements of the dispatches before it
//   fn block_passes(block: u32) -> bool       false: no element of the block counts
//   fn elements(first: u32) -> Elements       four of them; `first` is a multiple of 4, past the end anything
// with bindings in groups 1 and up.
struct ReduceProgram {
  std::string_view text;
  std::span<const wgsl::Binding> bindings;
  bool wide = false;  // elements of two words: Elements has high words too
  u32 dynamic_group = 0xffffffffu;
};

class Reduce {
 public:
  // Errors: those of wgsl::splice.
  Result<void> prepare(gpu::Device& device, const ReduceProgram& program);
  bool is_ready() const { return fold_ != nullptr && fold_->is_ready() && merge_->is_ready(); }
  u32 program_layout(u32 group) const { return fold_->bind_group_layouts[group]; }

  // Call before the pass: room for the states of all dispatches together, 32 bytes a block. Creates a buffer only
  // when there are more blocks than ever before.
  void reserve(gpu::Device& device, u32 blocks);
  // Inside a pass: folds `blocks` blocks. `program_groups` are groups 1 and up. Two dimensions of workgroups past
  // 65,535.
  void fold(gpu::Frame& frame, std::span<const u32> program_groups, u32 blocks,
            const u32* dynamic_offset = nullptr);
  // Inside the same pass or a later one: the states of all reserved blocks into `result`, one ReduceState.
  void merge(gpu::Frame& frame, const gpu::View& result);

 private:
  const gpu::Kernel* fold_ = nullptr;
  const gpu::Kernel* merge_ = nullptr;
  u32 dynamic_group_ = 0xffffffffu;
  u32 states_ = 0, params_ = 0;
  u64 states_bytes_ = 0;
  u32 params_blocks_ = 0;
};

// The sum as an exact integer (96 bits).
u128 reduce_sum(const ReduceState& state);

}  // namespace shoal::primitives
