// What `shoal replay` prints.
#pragma once

#include <string>

#include "review/replay_trace.h"

namespace shoal::review {

// The passes by the time they cost, what was read back otherwise, and what could not be done.
std::string report_text(const ReplayReport& report);
// {adapter, devices, frames, commands, submissions, readbacks, equal_readbacks, readbacks_of_times, differences:
// [{ticket, buffer, at_bytes, size_bytes, differing_bytes, message}], errors, recorded_errors, missing_features,
// unsupported, host_ms: [..], passes: [{label, kind, device, submission, frame, ms, ms_min, ms_max, repetitions}],
// trace_damage}; ms is the median.
std::string report_json(const ReplayReport& report);

}  // namespace shoal::review
