// What stands in the slots of fold_states.wgsl.
#pragma once

#include <string>
#include <vector>

#include "primitives/fold_states/fold_states.h"

namespace shoal::primitives {

// The caller's text and bindings, and behind them the arrays of states, which only that text has a type for.
struct StatesProgram {
  std::string text;
  std::vector<wgsl::Binding> bindings;
};

StatesProgram states_program(const FoldStatesOptions& options);

}  // namespace shoal::primitives
