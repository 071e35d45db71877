// What `shoal review` and `shoal explain` print.
#pragma once

#include <string>

#include "review/review_trace.h"

namespace shoal::review {

enum class ReportFormat { kText, kJson, kSarif, kHtml };

// `path` names the trace. JSON: {trace, adapter, adapter_class, frames, submissions, commands, span_ms, claimed_ms,
// notes: [..], findings: [{rule, severity, where: {object, stack: [..], frame}, title, what, why, fix, frames,
// saved_bytes, mechanical, gain: {ms, percent, kind, low_ms, high_ms, note}}]}.
std::string format_review(const Review& review, const TraceModel& model, const std::string& path,
                          ReportFormat format);
std::string explain(const Rule& rule);

}  // namespace shoal::review
