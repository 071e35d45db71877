// Buffers, textures and pipelines that are made and never used.
#include <algorithm>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastBytes = 64 * 1024;
constexpr u32 kLeastSubmissions = 4;  // behind its making: before, it may be made for later

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  const auto& submissions = model.submissions();
  if (submissions.size() < kLeastSubmissions) return;
  // What is made this late may be for what comes behind the trace.
  const u32 late = submissions[submissions.size() - kLeastSubmissions].step;
  std::vector<std::pair<u32, u32>> unused;  // by the step that makes it
  for (const auto& [id, object] : model.objects()) {
    const bool is_memory = object.kind == ObjectKind::kBuffer || object.kind == ObjectKind::kTexture;
    const bool is_pipeline =
        object.kind == ObjectKind::kComputePipeline || object.kind == ObjectKind::kRenderPipeline;
    if (object.made > late || object.uses > 0 || object.is_canvas_s) continue;
    if ((is_memory && object.size_bytes >= kLeastBytes) || is_pipeline) unused.emplace_back(object.made, id);
  }
  std::ranges::sort(unused);
  constexpr size_t kMost = 16;
  if (unused.size() > kMost) unused.resize(kMost);
  for (const auto& [made, id] : unused) {
    const Object& object = *model.object(id);
    Finding finding{.what = fmt::format("{} is made and never used{}.", model.name(id),
                                        object.size_bytes > 0 ? ": " + format_bytes(object.size_bytes) : ""),
                    .todo = "Make it where it is needed first.",
                    .step = made,
                    .object = model.name(id),
                    .claims = {{made, model.steps()[made].duration_ns}},
                    .saved_bytes = object.size_bytes};
    finding.fix.drop(made);
    if (object.destroyed != kNone) finding.fix.drop(object.destroyed);
    if (object.released != kNone) finding.fix.drop(object.released);
    model.for_each<SetLabel>([&, id = id](u32 step, const Step&, const SetLabel& command) {
      if (command.object == id) finding.fix.drop(step);
    });
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
