// Parts of the HTML reports: each is one file that needs nothing else, readable on a phone, in light and dark.
#pragma once

#include <string>
#include <string_view>

#include "review/timeline.h"
#include "review/trace_profile.h"

namespace shoal::review {

std::string html_escaped(std::string_view text);
// From the doctype to the first heading. `title` is text.
std::string html_head(std::string_view title);

// A mark on the timeline: a finding's number where it is seen first.
struct TimelineMark {
  u32 number = 0;
  double at_ms = 0;
  std::string text{};
};
// Lanes that can be zoomed and dragged, with a legend.
std::string html_timeline(const Timeline& timeline, const std::vector<TimelineMark>& marks);
// Buffers and textures that live at the end of each frame, stacked by label, as bars with a legend.
std::string html_memory(const TraceModel& model);
// The passes with their times, or why they have none.
std::string html_passes(const TraceProfile& profile);

}  // namespace shoal::review
