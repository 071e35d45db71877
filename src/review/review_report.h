// What `shoal review` and `shoal explain` print.
#pragma once

#include <string>

#include "review/measure_passes.h"
#include "review/review_trace.h"

namespace shoal::review {

enum class ReportFormat { kText, kJson, kSarif, kHtml };

// `path` names the trace. JSON: {trace, adapter, adapter_class, costs, frames, submissions, commands, span_ms,
// claimed_ms, notes: [..], findings: [{rule, severity, where: {object, stack: [..], frame}, title, what, why, fix,
// frames, saved_bytes, mechanical, gain: {ms, percent, kind, low_ms, high_ms, note}}]}.
// `measured` adds the passes' times to text and HTML; it may be null.
std::string format_review(const Review& review, const TraceModel& model, const std::string& path,
                          ReportFormat format, const MeasuredPasses* measured = nullptr);
// What a finding gains, without the full stop.
std::string gain_text(const ReviewedFinding& found);
// Which costs the estimates are made with: a sentence.
std::string costs_text(const Review& review);
std::string explain(const Rule& rule);

}  // namespace shoal::review
