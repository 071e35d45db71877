// What `shoal profile` prints.

#include <nlohmann/json.hpp>

#include "base/json_writer.h"
#include "base/text.h"
#include "review/review_html.h"
#include "review/trace_profile.h"

namespace shoal::review {
namespace {

std::string text_of(const TraceProfile& profile, const std::string& path) {
  std::string out =
      fmt::format("{}: {} commands, {} submissions, {} frames on {}\n\n", path, group_thousands(profile.commands),
                  profile.submissions, profile.frames,
                  profile.recorded_on.empty() ? "an adapter that it does not name" : profile.recorded_on);
  out += pass_table_text(profile);
  if (profile.timeline.spans.empty()) return out;
  out += fmt::format("\nAll of {:.1f} ms\n{}", profile.timeline.span_ms,
                     timeline_text(profile.timeline, 0, profile.timeline.span_ms));
  out += fmt::format("\nThe frame of median length, {:.2f} ms\n{}", profile.frame_ms,
                     timeline_text(profile.timeline, profile.shown_from_ms, profile.shown_to_ms));
  out +=
      "\nHost: u uploads, m makes objects, e encodes, s submits, w waits, r maps. GPU: \u2588 compute pass, \u2593 "
      "render "
      "pass, as\nlong as the replay took, behind its submission.\n";
  return out;
}

std::string json_of(const TraceProfile& profile, const std::string& path) {
  JsonWriter json;
  const auto maybe = [&json](std::string_view name, const auto& value) {
    json.key(name);
    value ? json.value(*value) : json.raw("null");
  };
  json.begin_object().member("trace", path).member("recorded_on", profile.recorded_on);
  json.member("replayed_on", profile.replayed_on).member("frames", profile.frames);
  json.member("submissions", profile.submissions).member("commands", profile.commands);
  json.member("frame_ms", profile.frame_ms).member("gpu_frame_ms", profile.gpu_frame_ms);
  maybe("read_roof_bytes_per_s", profile.roofs ? std::optional(profile.roofs->read_bytes_per_s) : std::nullopt);
  json.member("why_not", profile.no_times).key("passes").begin_array();
  for (const PassLine& line : profile.lines) {
    json.begin_object().member("name", line.label).member("kind", line.draws ? "render" : "compute");
    json.member("passes", line.passes);
    maybe("median_ms", line.timed > 0 ? std::optional(line.median_ms) : std::nullopt);
    maybe("ms", line.timed > 0 ? std::optional(line.sum_ms) : std::nullopt);
    maybe("share", line.timed > 0 ? std::optional(line.share) : std::nullopt);
    maybe("bytes", line.bytes);
    maybe("roof_share", line.roof_share);
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).text() + "\n";
}

}  // namespace

std::string pass_table_text(const TraceProfile& profile) {
  std::string out;
  if (profile.lines.empty()) return "The program has no passes.\n";
  const auto say = [&out]<class... Args>(fmt::format_string<Args...> format, Args&&... args) {
    out += fmt::format(format, std::forward<Args>(args)...);
  };
  say("{:<34} {:>8} {:>7} {:>11} {:>9} {:>11} {:>9}\n", "pass", "kind", "times", "median ms", "of GPU", "binds",
      "of roof");
  for (const PassLine& line : profile.lines) {
    say("{:<34} {:>8} {:>7} {:>11} {:>9} {:>11} {:>9}\n", quote(line.label.substr(0, 30)),
        line.draws ? "render" : "compute", line.passes,
        line.timed > 0 ? fmt::format("{:.3f}", line.median_ms) : "-",
        line.timed > 0 ? fmt::format("{:.1f} %", 100 * line.share) : "-",
        line.bytes ? format_bytes(*line.bytes) : "-",
        line.roof_share ? fmt::format("{:.0f} %", 100 * *line.roof_share) : "-");
  }
  if (!profile.no_times.empty()) {
    out += profile.no_times + "\n";
    return out;
  }
  say("A frame takes {:.2f} ms, its passes {:.2f} ms on {}", profile.frame_ms, profile.gpu_frame_ms,
      profile.replayed_on);
  if (profile.roofs) say(", which reads {:.2f} GB/s at best", profile.roofs->read_bytes_per_s / 1e9);
  out += ".\n";
  return out;
}

std::string chrome_trace(const TraceProfile& profile) {
  using Json = nlohmann::ordered_json;
  Json events = Json::array();
  events.push_back({{"ph", "M"}, {"pid", 1}, {"name", "process_name"}, {"args", {{"name", "shoal profile"}}}});
  for (size_t lane = 0; lane < kLaneCount; ++lane) {
    const auto name = lane_name(static_cast<Lane>(lane));
    events.push_back(
        {{"ph", "M"}, {"pid", 1}, {"tid", lane + 1}, {"name", "thread_name"}, {"args", {{"name", name}}}});
    events.push_back({{"ph", "M"},
                      {"pid", 1},
                      {"tid", lane + 1},
                      {"name", "thread_sort_index"},
                      {"args", {{"sort_index", lane}}}});
  }
  for (const Span& span : profile.timeline.spans) {
    events.push_back({{"ph", "X"},
                      {"pid", 1},
                      {"tid", static_cast<size_t>(span.lane) + 1},
                      {"name", span.name},
                      {"cat", kind_name(span.kind)},
                      {"ts", 1e3 * span.begin_ms},
                      {"dur", 1e3 * span.ms},
                      {"args", {{"count", span.count}}}});
  }
  const Json document = {{"displayTimeUnit", "ms"},
                         {"otherData", {{"adapter", profile.recorded_on}, {"replayed_on", profile.replayed_on}}},
                         {"traceEvents", std::move(events)}};
  // Labels may be any bytes.
  return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string format_profile(const TraceProfile& profile, const TraceModel& model, const std::string& path,
                           ProfileFormat format) {
  switch (format) {
    case ProfileFormat::kJson: return json_of(profile, path);
    case ProfileFormat::kHtml: return profile_html(profile, model, path);
    case ProfileFormat::kText: break;
  }
  return text_of(profile, path);
}

}  // namespace shoal::review
