// Buffers, textures and pipelines that are made and never used.
#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastBytes = 64 * 1024;
constexpr u32 kLeastSubmissions = 4;  // behind its making: before, it may be made for later

bool is_pipeline(ObjectKind kind) {
  return kind == ObjectKind::kComputePipeline || kind == ObjectKind::kRenderPipeline;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  const auto& submissions = model.submissions();
  if (submissions.size() < kLeastSubmissions) return;
  // What is made this late may be for what comes behind the trace.
  const u32 late = submissions[submissions.size() - kLeastSubmissions].step;
  // What is mapped at its creation and never unmapped is another rule's.
  std::unordered_set<u32> mapped;
  model.for_each<CreateBuffer>([&](u32, const Step&, const CreateBuffer& command) {
    if (command.mapped_at_creation != 0) mapped.insert(command.buffer);
  });
  std::vector<std::pair<u32, u32>> unused;  // by the step that makes it
  for (const auto& [id, object] : model.objects()) {
    const bool is_memory = object.kind == ObjectKind::kBuffer || object.kind == ObjectKind::kTexture;
    const bool is_pipeline =
        object.kind == ObjectKind::kComputePipeline || object.kind == ObjectKind::kRenderPipeline;
    if (object.made > late || object.uses > 0 || object.is_canvas_s || mapped.contains(id)) continue;
    if ((is_memory && object.size_bytes >= kLeastBytes) || is_pipeline) unused.emplace_back(object.made, id);
  }
  std::ranges::sort(unused);
  // Those that are made from one place under one label are one finding.
  std::map<std::tuple<ObjectKind, std::string_view, u32>, std::vector<u32>> groups;
  std::unordered_set<u32> ids;
  for (const auto& [made, id] : unused) {
    const Object& object = *model.object(id);
    groups[{object.kind, object.label, model.steps()[made].stack}].push_back(id);
    ids.insert(id);
  }
  std::unordered_map<u32, std::vector<u32>> labelled;  // object -> the steps that name it
  model.for_each<SetLabel>([&](u32 step, const Step&, const SetLabel& command) {
    if (ids.contains(command.object)) labelled[command.object].push_back(step);
  });
  for (const auto& [key, members] : groups) {
    const std::string name = model.name(members.front());
    Finding finding{
        .what = {},
        .todo = is_pipeline(std::get<0>(key))
                    ? "Make it where it is needed first; where another takes its place, name the formats "
                      "that it draws to at once."
                    : "Make it where it is needed first.",
        .step = model.object(members.front())->made,
        .object = name,
        .claims = {}};
    for (const u32 id : members) {
      const Object& object = *model.object(id);
      finding.claims.push_back({object.made, model.steps()[object.made].duration_ns});
      finding.saved_bytes += object.size_bytes;
      finding.fix.drop(object.made);
      if (object.destroyed != kNone) finding.fix.drop(object.destroyed);
      if (object.released != kNone) finding.fix.drop(object.released);
      for (const u32 step : labelled[id]) finding.fix.drop(step);
    }
    const std::string bytes = finding.saved_bytes > 0 ? ": " + format_bytes(finding.saved_bytes) : "";
    finding.what = members.size() == 1
                       ? fmt::format("{} is made and never used{}.", name, bytes)
                       : fmt::format("{} like {} are made and never used{}.", members.size(), name, bytes);
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule kNeverUsed = {
    .name = "never-used",
    .title = "Makes what it never uses",
    .why =
        "Memory of the GPU is reserved and cleared when a buffer or texture is made, and a pipeline is compiled, "
        "whether it is used or not.",
    .before = "this.gradients = device.createBuffer({size: 16 * cells, usage});",
    .after =
        "get gradients() {\n  return (this._gradients = this._gradients || device.createBuffer({size: 16 * cells, "
        "usage}));\n}",
    .when_not = "Where it is kept ready for what the recording did not come to. Below 64 KiB it is not reported.",
    .find = find,
};

}  // namespace shoal::review
