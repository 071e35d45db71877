// Pipelines that are compiled while the frames run.
#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/text.h"
#include "review/rules/rules.h"
#include "review/rules/same_objects.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLoadingFrames = 3, kLeastFrames = 8, kLeastPipelines = 3;

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  if (model.frames().size() < kLeastFrames) return;
  std::unordered_set<u32> again;  // steps: what is made again is another rule's
  for (const MadeAgain& made : objects_made_again(model)) again.insert(made.step);
  Finding finding;
  std::set<u32> frames;
  u32 pipelines = 0;
  u64 longest_ns = 0, ns = 0;
  std::string longest;
  model.for_each<CreateShaderModule, CreateComputePipeline, CreateRenderPipeline>(
      [&]<class C>(u32 step, const Step& said, const C& command) {
        if (said.frame < kLoadingFrames || again.contains(step)) return;
        finding.claims.push_back({step, said.duration_ns});
        ns += said.duration_ns;
        if constexpr (requires { command.pipeline; }) {
          if (pipelines++ == 0) finding.step = step;
          frames.insert(said.frame);
          if (said.duration_ns < longest_ns) return;
          longest_ns = said.duration_ns;
          longest = model.name(command.pipeline);
        }
      });
  // All in one frame is a scene that is loaded.
  if (pipelines < kLeastPipelines || frames.size() < 2) return;
  finding.object = longest;
  finding.what = fmt::format(
      "{} pipelines are compiled in {} of the frames from the fourth on, each while its frame waits: {:.1f} ms in "
      "all with their modules; {} took {:.1f} ms.",
      pipelines, frames.size(), static_cast<double>(ns) / 1e6, longest, static_cast<double>(longest_ns) / 1e6);
  finding.todo =
      "Make them before the first frame, or by createRenderPipelineAsync() and draw without until they are there.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kPipelineInFrame = {
    .name = "pipeline-in-frame",
    .title = "Compiles pipelines while frames run",
    .why =
        "A pipeline that is made without Async is compiled before the next command that uses it, and a frame in "
        "which that happens is longer by all of it: people see it stand still. Made earlier the same work costs no "
        "frame.",
    .before =
        "if (!pipelines.has(material)) pipelines.set(material, device.createRenderPipeline(describe(material)));",
    .after =
        "if (!pipelines.has(material)) {\n  pipelines.set(material, placeholder);\n  "
        "device.createRenderPipelineAsync(describe(material)).then((made) => pipelines.set(material, made));\n}",
    .when_not =
        "While a scene is loaded: what the first three frames compile, or one frame alone, is not reported. The "
        "time "
        "is not saved but taken out of the frames.",
    .find = find,
};

}  // namespace shoal::review
