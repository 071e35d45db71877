// The states of all rows combined into one: any monoid whose elements are structs.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct FoldStatesOptions {
  // WGSL that declares
  //   struct State { ... }                      anything that a storage buffer may hold
  //   fn identity() -> State
  //   fn lift(row: u32) -> State                what a row is
  //   fn combine(a: State, b: State) -> State   associative; a stands left of b; it need not commute
  // with up to 6 arrays in group 1, from binding 0 on.
  MonoidProgram program = {};
  u32 state_words = 2;  // that WGSL gives a State in an array, 1 to 16
};

struct FoldStates {
  FoldStatesOptions options = {};
  gpu::Count count = {};                          // of rows
  u32 most_rows = 0xfff00000u;                    // a count on the GPU is cut to it; scratch is for so many
  gpu::View result = {};                          // one State; the identity where there are no rows
  std::span<const gpu::View> program_views = {};  // what the text binds, by binding number
  gpu::View scratch = {};
};

// Errors: kInvalidArgument where the text is missing, those of wgsl::splice.
Result<bool> prepare_fold_states(gpu::Device& device, const FoldStatesOptions& options);

// A state for each 2,048 rows.
u64 fold_states_scratch_bytes(const FoldStatesOptions& options, u32 most_rows);

// Appends result = lift(0) o ... o lift(count - 1). Two dispatches, which move what `lift` reads. Combined in one
// order whatever the adapter: what rounds is the same on every run of one device. Single words fold faster with
// `fold`. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> fold_states(gpu::Frame& frame, const FoldStates& args);

}  // namespace shoal::primitives
