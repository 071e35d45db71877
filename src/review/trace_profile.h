// Where a trace's time goes: its passes by label, beside what the adapter can do at best, and its timeline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "review/timeline.h"

namespace shoal::review {

// Passes of one label and kind.
struct PassLine {
  std::string label{};
  bool draws = false;
  u32 passes = 0, timed = 0;
  double median_ms = 0;                // of one pass
  double sum_ms = 0;                   // of all that are timed
  double share = 0;                    // of the GPU's time, 0 to 1
  std::optional<u64> bytes{};          // that one pass binds, the median; Pass::bound_bytes
  std::optional<double> roof_share{};  // of the read roof, as if each byte that it binds moved once
};

struct TraceProfile {
  std::string recorded_on{}, replayed_on{};
  u32 frames = 0, submissions = 0;
  u64 commands = 0;
  double frame_ms = 0;            // the median frame, as recorded
  double gpu_frame_ms = 0;        // all passes, by frame
  std::vector<PassLine> lines{};  // what takes longest first
  std::optional<gpu::Roofs> roofs{};
  Timeline timeline{};
  double shown_from_ms = 0, shown_to_ms = 0;  // the frame of median length
  std::string no_times{};                     // a sentence why passes have no times; empty where they have
};

// `measured` may be null.
TraceProfile profile_of(const TraceModel& model, const MeasuredPasses* measured);

enum class ProfileFormat { kText, kJson, kHtml };
// `path` names the trace. JSON: {trace, recorded_on, replayed_on, frames, submissions, commands, frame_ms,
// gpu_frame_ms, read_roof_bytes_per_s, why_not, passes: [{name, kind, passes, median_ms, ms, share, bytes,
// roof_share}]}; what is not known is null.
std::string format_profile(const TraceProfile& profile, const TraceModel& model, const std::string& path,
                           ProfileFormat format);
// The timeline as JSON trace events, which Perfetto and chrome://tracing open.
std::string chrome_trace(const TraceProfile& profile);
// The passes as a table, or why they have no times.
std::string pass_table_text(const TraceProfile& profile);

}  // namespace shoal::review
