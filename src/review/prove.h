// Proves findings: what a fix would have said is replayed beside what was said, in turns, and both must answer
// alike.
#pragma once

#include <string>

#include "review/review_trace.h"

namespace shoal::review {

struct ProveOptions {
  std::string adapter;
  u32 repetitions = 7;  // of each, in turns
  u32 timeout_s = 120;  // for one finding
};

// Each finding with a mechanical fix becomes measured, refuted, or stays estimated with a note that says why. The
// replays run in child processes: call it before this process has a device or a thread.
void prove(Review& review, const TraceModel& model, const ProveOptions& options);

}  // namespace shoal::review
