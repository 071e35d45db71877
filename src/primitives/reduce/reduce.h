// Count, exact sum, minimum and maximum of unsigned integers that a slot program reads from anywhere.
#pragma once

#include <span>

#include "gpu/growing_buffer.h"
#include "primitives/element_fold.h"
#include "primitives/reduce/reduce_state_layout.gen.h"

namespace shoal::primitives {

class Reduce {
 public:
  // Errors: those of wgsl::splice.
  Result<void> prepare(gpu::Device& device, const ElementProgram& program);
  bool is_ready() const { return fold_.is_ready() && merge_->is_ready(); }
  u32 program_layout(u32 group) const { return fold_.program_layout(group); }

  // Call before the first fold of what is merged together: room for the states of all dispatches, 32 bytes a block.
  // What earlier folds left is gone. Creates buffers only when there are more blocks than ever before.
  void reserve(gpu::Device& device, u32 blocks);
  // Inside a pass: folds `blocks` blocks, as ElementFold does.
  void fold(gpu::Frame& frame, std::span<const u32> program_groups, u32 blocks,
            const u32* dynamic_offset = nullptr);
  // Inside the same pass or a later one: the states of all reserved blocks into `result`, one ReduceState, in one
  // dispatch or two.
  void merge(gpu::Frame& frame, const gpu::View& result);

 private:
  ElementFold fold_;
  const gpu::Kernel* merge_ = nullptr;
  gpu::GrowingBuffer states_{"reduce states", gpu::BufferUsage::kStorage};
  gpu::GrowingBuffer partials_{"reduce partials", gpu::BufferUsage::kStorage};
  u32 params_ = 0;       // a buffer
  u32 blocks_ = 0;       // that it speaks of
  bool is_new_ = false;  // nothing was folded since `reserve`
};

// The sum as an exact integer (96 bits).
u128 reduce_sum(const ReduceState& state);

}  // namespace shoal::primitives
