// Replays a trace in a process of its own: wgpu-native and drivers may end it, or never come back.
#pragma once

#include <string>

#include "review/replay_trace.h"

namespace shoal::review {

struct ReplayOutcome {
  std::string report;    // text, or JSON
  bool is_equal = true;  // all that was read back is what was recorded
};

// Call it before this process has a device or a thread: the child is a fork. Errors: those of load_trace and
// replay; kDevice where the child died or did not end within `timeout_s`.
Result<ReplayOutcome> replay_in_child(const std::string& path, const ReplayOptions& options, bool json,
                                      u32 timeout_s);

}  // namespace shoal::review
