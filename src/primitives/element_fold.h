// One dispatch of a kernel that folds elements into a state: reduce, float_sum and used_codes differ in kernel and
// state alone.
#pragma once

#include <span>
#include <string_view>

#include "gpu/device.h"

namespace shoal::primitives {

// What stands in for elements: WGSL that declares
//   fn row_count() -> u32                     elements of a dispatch
//   fn first_block() -> u32                   blocks of 4,096 elements of the dispatches before it
//   fn block_passes(block: u32) -> bool       false: no element of the block counts
//   fn elements(first: u32) -> Elements       four of them; `first` is a multiple of 4, past the end anything
// with bindings in groups 1 and up.
struct ElementProgram {
  std::string_view text;
  std::span<const wgsl::Binding> bindings;
  bool wide = false;   // elements of two words: Elements has high words too
  bool dense = false;  // every element counts, in blocks that pass
  u32 dynamic_group = 0xffffffffu;
};

class ElementFold {
 public:
  // `kernel`: a set of variants with a feature `wide`; group 0 binds the state alone. Errors: those of
  // wgsl::splice.
  Result<void> prepare(gpu::Device& device, const wgsl::Kernel& kernel, const ElementProgram& program);
  bool is_ready() const { return kernel_ != nullptr && kernel_->is_ready(); }
  u32 program_layout(u32 group) const { return kernel_->bind_group_layouts[group]; }

  // Inside a pass: folds into `state` with so many workgroups, one a block unless the kernel says otherwise.
  // `program_groups` are groups 1 and up. Two dimensions of workgroups past 65,535.
  void fold(gpu::Frame& frame, const gpu::View& state, std::span<const u32> program_groups, u32 workgroups,
            const u32* dynamic_offset = nullptr) const;

 private:
  const gpu::Kernel* kernel_ = nullptr;
  u32 dynamic_group_ = 0xffffffffu;
};

}  // namespace shoal::primitives
