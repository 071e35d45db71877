#include "review/review_html.h"

#include "base/text.h"
#include "review/html_page.h"
#include "review/review_report.h"

namespace shoal::review {
namespace {

std::string finding_html(const ReviewedFinding& found, u32 number, const TraceModel& model) {
  const Finding& finding = found.finding;
  std::string out = fmt::format(
      "<article class='{0}' id='finding-{1}'><div class='head'><h3>{1}. {2}</h3><span class='tag'>{3}, "
      "{0}</span><span "
      "class='gain'>{4}</span></div>\n<p>{5}</p>\n",
      severity_name(found.severity), number, html_escaped(finding.rule->title), finding.rule->name,
      found.gain.ms > 0         ? fmt::format("{:.2f} ms", found.gain.ms)
      : finding.saved_bytes > 0 ? format_bytes(finding.saved_bytes)
                                : std::string("no time here"),
      html_escaped(finding.what));
  const auto stack = model.stack(model.steps()[finding.step].stack);
  if (!stack.empty()) {
    out += "<pre>";
    for (const std::string& line : stack) out += html_escaped(line) + "\n";
    out += "</pre>\n";
  }
  out += fmt::format("<p><b>Do:</b> {}</p>\n<p><b>Gain:</b> {}.</p>\n", html_escaped(finding.todo),
                     html_escaped(gain_text(found)));
  out += fmt::format(
      "<details><summary>Why, and how it would look</summary><p>{}</p><pre>{}</pre><p>becomes</p><pre>{}</pre>"
      "<p><b>When not:</b> {}</p></details></article>\n",
      html_escaped(finding.rule->why), html_escaped(finding.rule->before), html_escaped(finding.rule->after),
      html_escaped(finding.rule->when_not));
  return out;
}

std::string summary(const TraceProfile& profile, double span_ms) {
  return fmt::format(
      "<p>{} commands, {} submissions, {} frames in {:.1f} ms on {}.</p>\n", group_thousands(profile.commands),
      group_thousands(profile.submissions), group_thousands(profile.frames), span_ms,
      html_escaped(profile.recorded_on.empty() ? "an adapter that it does not name" : profile.recorded_on));
}

}  // namespace

std::string review_html(const Review& review, const TraceProfile& profile, const TraceModel& model,
                        const std::string& path) {
  std::string out = html_head("Review of " + path) + summary(profile, review.span_ms);
  for (const std::string& note : review.notes) out += fmt::format("<p class='note'>{}</p>\n", html_escaped(note));
  std::vector<TimelineMark> marks;
  const u64 begin_ns = model.frames().empty() ? 0 : model.frames().front().begin_ns;
  for (const ReviewedFinding& found : review.findings) {
    const u64 at_ns = model.steps()[found.finding.step].at_ns;
    marks.push_back({.number = static_cast<u32>(marks.size() + 1),
                     .at_ms = at_ns > begin_ns ? static_cast<double>(at_ns - begin_ns) / 1e6 : 0,
                     .text = std::string(found.finding.rule->title)});
  }
  out += html_timeline(profile.timeline, marks);
  out += "<h2>Findings</h2>\n";
  if (review.findings.empty()) {
    out += "<p>Nothing was found.</p>\n";
  } else {
    out += fmt::format("<p class='dim'>Together {:.2f} ms; what several claim is counted once. {}</p>\n",
                       review.claimed_ms, html_escaped(costs_text(review)));
  }
  u32 number = 0;
  for (const ReviewedFinding& found : review.findings) out += finding_html(found, ++number, model);
  return out + html_passes(profile) + html_memory(model) + "</body></html>\n";
}

std::string profile_html(const TraceProfile& profile, const TraceModel& model, const std::string& path) {
  return html_head("Profile of " + path) + summary(profile, model.span_ms()) + html_timeline(profile.timeline, {}) +
         html_passes(profile) + html_memory(model) + "</body></html>\n";
}

}  // namespace shoal::review
