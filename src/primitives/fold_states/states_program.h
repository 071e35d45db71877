// What fold_states and scan_states share: what stands in their slots, and the judgement of what a caller gives.
#pragma once

#include <string>
#include <vector>

#include "primitives/arguments.h"
#include "primitives/fold_states/fold_states.h"
#include "primitives/launch.h"

namespace shoal::primitives {

inline constexpr u32 kRowsPerStateStrip = 2048;  // state_rows.wgsl's

// The caller's text and bindings, and behind them the arrays of states, which only that text has a type for.
struct StatesProgram {
  std::string text;
  std::vector<wgsl::Binding> bindings;
};

// `arrays`: their names, in the order of their bindings.
StatesProgram states_program(const FoldStatesOptions& options, std::span<const std::string_view> arrays);

// Errors: kInvalidArgument where there is no text.
Result<void> require_states_text(const FoldStatesOptions& options, std::string_view primitive);

// Adds what any call must hold. `words`: of a State, 1 where what is said cannot be.
void require_states(Arguments& arguments, const FoldStatesOptions& options,
                    std::span<const gpu::View> program_views);
u32 state_words_of(const FoldStatesOptions& options);

// A state a strip.
u64 state_partials_bytes(const FoldStatesOptions& options, u32 most_rows);

}  // namespace shoal::primitives
