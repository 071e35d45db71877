#include "review/trace_profile.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "gpu/native/pass_timer.h"

namespace shoal::review {
namespace {

struct Group {
  std::vector<double> ms, bytes;
  u32 passes = 0, unknown = 0;
};

double sum(const std::vector<double>& values) {
  double all = 0;
  for (const double value : values) all += value;
  return all;
}

PassLine line_of(const std::string& label, bool draws, const Group& group, double all_ms,
                 const std::optional<gpu::Roofs>& roofs) {
  PassLine line{.label = label,
                .draws = draws,
                .passes = group.passes,
                .timed = static_cast<u32>(group.ms.size()),
                .median_ms = gpu::median(group.ms),
                .sum_ms = sum(group.ms)};
  if (all_ms > 0) line.share = line.sum_ms / all_ms;
  if (group.unknown == 0) line.bytes = static_cast<u64>(gpu::median(group.bytes));
  if (line.bytes && roofs && line.median_ms > 0) {
    const double share = static_cast<double>(*line.bytes) / (line.median_ms / 1e3) / roofs->read_bytes_per_s;
    // More than the adapter can move: the pass leaves alone much of what it binds.
    if (share <= 1) line.roof_share = share;
  }
  return line;
}

}  // namespace

TraceProfile profile_of(const TraceModel& model, const MeasuredPasses* measured) {
  TraceProfile profile{.recorded_on = model.adapter(),
                       .frames = static_cast<u32>(model.frames().size()),
                       .submissions = static_cast<u32>(model.submissions().size()),
                       .commands = model.steps().size()};
  if (measured == nullptr) {
    profile.no_times = "The passes have no times, since the trace was not replayed: --measure does that.";
  } else {
    if (std::ranges::none_of(measured->passes, &MeasuredPass::is_timed)) {
      profile.no_times = "The replay timed no pass: the adapter has no timestamps, or the program takes its own.";
    }
    profile.replayed_on = measured->adapter;
    profile.roofs = measured->roofs;
  }
  const std::vector<Pass> passes = passes_of(model);
  std::map<std::pair<std::string, bool>, Group> groups;
  double all_ms = 0;
  for (size_t i = 0; i < passes.size(); ++i) {
    Group& group = groups[{passes[i].label, passes[i].draws}];
    ++group.passes;
    if (passes[i].bound_bytes) {
      group.bytes.push_back(static_cast<double>(*passes[i].bound_bytes));
    } else {
      ++group.unknown;
    }
    if (measured == nullptr || i >= measured->passes.size() || !measured->passes[i].is_timed()) continue;
    group.ms.push_back(measured->passes[i].ms);
    all_ms += measured->passes[i].ms;
  }
  for (const auto& [key, group] : groups) {
    profile.lines.push_back(line_of(key.first, key.second, group, all_ms, profile.roofs));
  }
  std::ranges::sort(profile.lines, {}, [](const PassLine& line) {
    return std::tuple(-line.sum_ms, std::string_view(line.label), line.draws);
  });
  std::vector<double> frame_ms;
  for (const FrameSpan& frame : model.frames()) {
    frame_ms.push_back(static_cast<double>(frame.end_ns - frame.begin_ns) / 1e6);
  }
  profile.frame_ms = gpu::median(frame_ms);
  if (profile.frames > 0) profile.gpu_frame_ms = all_ms / profile.frames;
  profile.timeline = timeline_of(model, passes, measured);
  if (const auto shown = std::ranges::find(frame_ms, profile.frame_ms); shown != frame_ms.end()) {
    const FrameSpan& frame = model.frames()[static_cast<size_t>(shown - frame_ms.begin())];
    profile.shown_from_ms = static_cast<double>(frame.begin_ns - model.frames().front().begin_ns) / 1e6;
    profile.shown_to_ms = profile.shown_from_ms + *shown;
  }
  return profile;
}

}  // namespace shoal::review
