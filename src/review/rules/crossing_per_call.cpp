// A page's WebAssembly calls out for each call to WebGPU.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastCalls = 200;  // of a frame
constexpr u32 kLeastFrames = 4;
// What a call out costs more than a step of a loop over words, measured in Chromium 156: 22 to 37 ns, and 10 to 21.
constexpr u64 kCrossingNs = 15;

// A place in WebAssembly that called out, and the one place in script that said something to WebGPU then. Where
// there are several, or one that says different things, a call out brought several.
struct Site {
  std::span<const u32> frames;
  u32 opcode = 0;
  bool is_one = true;
};
using Sites = std::map<std::vector<u32>, Site>;

std::vector<u32> site_of(const TraceModel& model, const Step& step) {
  const auto callers = model.wasm_callers(step.stack);
  return {callers.begin(), callers.end()};
}

Sites sites_of(const TraceModel& model) {
  Sites sites;
  for (const Step& step : model.steps()) {
    std::vector<u32> place = site_of(model, step);
    if (place.empty()) continue;
    const auto frames = model.stack_frames(step.stack);
    Site& site = sites.try_emplace(std::move(place), Site{frames, step.opcode}).first->second;
    site.is_one = site.is_one && std::ranges::equal(site.frames, frames) && site.opcode == step.opcode;
  }
  return sites;
}

// Not every call has a stack: those of a kind come from where those of it come that have one.
struct Kind {
  u32 known = 0, crossing = 0;
  bool crosses() const { return 2 * crossing > known; }
};

std::map<u32, Kind> kinds_of(const TraceModel& model) {
  const Sites sites = sites_of(model);
  std::map<u32, Kind> kinds;
  for (const Step& step : model.steps()) {
    if (step.stack == 0) continue;
    Kind& kind = kinds[step.opcode];
    ++kind.known;
    const auto site = sites.find(site_of(model, step));
    if (site != sites.end() && site->second.is_one) ++kind.crossing;
  }
  return kinds;
}

// No more than calls out took on the average while they were recorded, what they called in them included.
u64 crossing_ns(const std::vector<FrameSpan>& frames) {
  double calls = 0, ns = 0;
  for (const FrameSpan& frame : frames) {
    calls += frame.calls_out;
    ns += static_cast<double>(frame.calls_out_ns);
  }
  return calls > 0 ? static_cast<u64>(std::min(static_cast<double>(kCrossingNs), ns / calls)) : 0;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  const std::vector<FrameSpan>& frames = model.frames();
  if (std::ranges::none_of(frames, [](const FrameSpan& frame) { return frame.calls_out >= kLeastCalls; })) return;
  std::map<u32, Kind> kinds = kinds_of(model);
  std::vector<std::vector<u32>> calls(frames.size());  // steps by frame
  for (u32 i = 0; i < model.steps().size(); ++i) {
    const Step& step = model.steps()[i];
    if (kinds[step.opcode].crosses()) calls[step.frame].push_back(i);
  }
  const u64 ns = crossing_ns(frames);
  Finding finding;
  finding.step = kNone;
  u32 seen = 0;
  for (u32 i = 0; i < frames.size(); ++i) {
    // Fewer calls out than calls to WebGPU: one brings several.
    if (calls[i].size() < kLeastCalls || frames[i].calls_out < calls[i].size()) continue;
    ++seen;
    // One call out stays.
    for (const u32 step : std::span(calls[i]).subspan(1)) finding.claims.push_back({step, ns});
    for (const u32 step : calls[i]) {
      if (finding.step == kNone && !model.wasm_callers(model.steps()[step].stack).empty()) finding.step = step;
    }
  }
  if (seen < kLeastFrames) return;
  if (finding.step == kNone) finding.step = finding.claims.front().step;
  finding.what = fmt::format(
      "WebAssembly calls out for each call to WebGPU: {} times a frame on the average, in {} of {} frames.",
      finding.claims.size() / seen + 1, seen, frames.size());
  finding.todo =
      "Write what is to be said into the module's memory, and let script read and say all of it in one call a "
      "frame.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kCrossingPerCall = {
    .name = "crossing-per-call",
    .title = "Leaves WebAssembly for each call to WebGPU",
    .why =
        "WebAssembly cannot call WebGPU: each call goes through a function of script, which looks its objects up "
        "by "
        "number and makes descriptors of what lies in memory. That is done again for each call, and no compiler "
        "sees "
        "across it. Words in memory that one function reads say as much in one call a frame.",
    .before =
        "for (const Mesh& mesh : meshes) {\n  pass.setBindGroup(0, group, 1, &mesh.offset);  // a call into "
        "script\n"
        "  pass.draw(mesh.count, 1, mesh.first);          // and another\n}",
    .after =
        "for (const Mesh& mesh : meshes) commands.insert(commands.end(), {kDraw, mesh.offset, mesh.count, "
        "mesh.first});\nexecute(pass, commands.data(), commands.size());  // the one call into script",
    .when_not =
        "A call into script is cheap beside one to WebGPU: what is gained is small where a frame says little, and "
        "fewer than 200 a frame are not reported. Where the same things are said in each frame, a render bundle "
        "needs no words at all; where meshes differ by numbers alone, one draw of many instances is better than "
        "both.",
    .find = find,
};

}  // namespace shoal::review
