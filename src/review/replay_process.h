// Replays a trace in a process of its own: wgpu-native, a browser and drivers may end it, or never come back.
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

// By the executor of a page, `page` (replay.html), in a Chromium that is started for it. Errors: those of
// load_trace and ExecutorPage::open; kDevice where the browser died, the page failed or did not end within
// `timeout_s`.
Result<ReplayOutcome> replay_in_browser(const std::string& path, const ReplayOptions& options, bool json,
                                        u32 timeout_s, const std::string& page);

}  // namespace shoal::review
