// The passes of a trace: when each was said and submitted, and how many bytes it binds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "review/analysis/trace_model.h"

namespace shoal::review {

struct Pass {
  std::string label{};
  bool draws = false;
  u32 begin_step = 0;
  u32 submit_step = kNone;  // kNone: never submitted
  u32 frame = 0;            // in which it began, from 0
  // Each range that its draws and dispatches have bound, once; each attachment once where it is loaded and once
  // where it is stored. What a shader reads again, or leaves alone, is not known. Nothing where a size is not.
  std::optional<u64> bound_bytes{};
};

// In the order in which they begin, as a replay numbers them.
std::vector<Pass> passes_of(const TraceModel& model);

}  // namespace shoal::review
