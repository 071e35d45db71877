#include "engine/profile.h"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

namespace shoal::engine {

double bytes_per_s(const gpu::PassTime& pass) {
  return pass.ms > 0 ? static_cast<double>(pass.bytes) / pass.ms * 1e3 : 0;
}

double share_of_read_roof(const Profile& profile, const gpu::PassTime& pass) {
  return profile.roofs ? bytes_per_s(pass) / profile.roofs->read_bytes_per_s : 0;
}

double gpu_clock_shift_ms(const std::vector<gpu::PassRun>& runs) {
  double shift_ms = std::numeric_limits<double>::lowest();
  for (const gpu::PassRun& run : runs) shift_ms = std::max(shift_ms, run.submitted_ms - run.begin_ms);
  return runs.empty() ? 0 : shift_ms;
}

std::string chrome_trace(const Profile& profile) {
  const double shift_ms = gpu_clock_shift_ms(profile.runs);
  double first_ms = std::numeric_limits<double>::max();
  for (const Span& span : profile.spans) first_ms = std::min(first_ms, span.begin_ms);
  for (const gpu::PassRun& run : profile.runs) first_ms = std::min(first_ms, run.begin_ms + shift_ms);

  using Json = nlohmann::ordered_json;
  Json events = Json::array();
  std::vector<std::string> tracks;
  const auto number_of = [&](const std::string& track) {
    const auto found = std::ranges::find(tracks, track);
    if (found != tracks.end()) return static_cast<size_t>(found - tracks.begin()) + 1;
    tracks.push_back(track);
    const size_t number = tracks.size();
    for (const auto& [name, argument] :
         {std::pair<const char*, Json>("thread_name", {{"name", track}}),
          std::pair<const char*, Json>("thread_sort_index", {{"sort_index", number}})}) {
      events.push_back({{"ph", "M"}, {"pid", 1}, {"tid", number}, {"name", name}, {"args", argument}});
    }
    return number;
  };
  const auto add = [&](const std::string& track, const std::string& name, double begin_ms, double ms) -> Json& {
    const size_t number = number_of(track);
    return events.emplace_back(Json{{"ph", "X"},
                                    {"pid", 1},
                                    {"tid", number},
                                    {"name", name},
                                    {"ts", (begin_ms - first_ms) * 1e3},
                                    {"dur", ms * 1e3}});
  };
  events.push_back({{"ph", "M"}, {"pid", 1}, {"name", "process_name"}, {"args", {{"name", "shoal"}}}});
  for (const Span& span : profile.spans) add(span.track, span.name, span.begin_ms, span.ms);
  for (const gpu::PassRun& run : profile.runs) {
    add("GPU", run.label, run.begin_ms + shift_ms, run.ms)["args"] = {{"bytes", run.bytes}};
  }
  const Json document = {
      {"displayTimeUnit", "ms"}, {"otherData", {{"adapter", profile.adapter}}}, {"traceEvents", std::move(events)}};
  // Names of columns may not be UTF-8.
  return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace shoal::engine
