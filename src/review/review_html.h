// The reports as one HTML file that needs nothing else.
#pragma once

#include <string>

#include "review/review_trace.h"
#include "review/trace_profile.h"

namespace shoal::review {

// Findings, timeline, passes, memory.
std::string review_html(const Review& review, const TraceProfile& profile, const TraceModel& model,
                        const std::string& path);
// The same without findings.
std::string profile_html(const TraceProfile& profile, const TraceModel& model, const std::string& path);

}  // namespace shoal::review
