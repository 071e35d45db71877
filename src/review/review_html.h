// A review as one HTML file that needs nothing else: findings, the host's time by frame, memory by label.
#pragma once

#include <string>

#include "review/review_trace.h"

namespace shoal::review {

std::string html_of(const Review& review, const TraceModel& model, const std::string& path);

}  // namespace shoal::review
