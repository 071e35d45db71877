// The states of all rows before each, or up to it: a scan by any monoid whose elements are structs.
#pragma once

#include "primitives/fold_states/fold_states.h"

namespace shoal::primitives {

struct ScanStates {
  FoldStatesOptions options = {};  // its program has up to 5 arrays
  gpu::Count count = {};           // of rows
  gpu::View result = {};           // a State a row; what lies behind the count stays as it is
  gpu::View total = {};            // one State, all of them combined; may be left out
  bool is_inclusive = false;
  std::span<const gpu::View> program_views = {};  // what the text binds, by binding number
  gpu::View scratch = {};
};

// Errors: kInvalidArgument where the text is missing, those of wgsl::splice.
Result<bool> prepare_scan_states(gpu::Device& device, const FoldStatesOptions& options);

// A state for each 2,048 rows, and one.
u64 scan_states_scratch_bytes(const FoldStatesOptions& options, u32 most_rows);

// Appends result[row] = lift(0) o ... o lift(row - 1), up to lift(row) where inclusive; the first of an exclusive
// scan is the identity. Three dispatches, which move what `lift` reads twice, and a State a row. The operation need
// not commute; states are combined in one order whatever the adapter: what rounds is the same on every run of one
// device. Single words are scanned faster by `scan`. Errors: kInvalidArgument, kUnsupported as Arguments::check
// says.
Result<void> scan_states(gpu::Frame& frame, const ScanStates& args);

}  // namespace shoal::primitives
