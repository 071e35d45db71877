// Shader modules and pipelines that are compiled though an equal one is there.
#include <map>
#include <unordered_set>

#include "base/text.h"
#include "review/rules/rules.h"
#include "review/rules/same_objects.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastAgain = 3;

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  Finding finding;
  u32 modules = 0, pipelines = 0;
  std::unordered_set<u32> firsts;
  for (const MadeAgain& made : objects_made_again(model)) {
    const Step& step = model.steps()[made.step];
    const bool is_module = step.opcode == CreateShaderModule::kOpcode;
    const bool is_pipeline =
        step.opcode == CreateComputePipeline::kOpcode || step.opcode == CreateRenderPipeline::kOpcode;
    const bool is_layout = step.opcode == GetBindGroupLayout::kOpcode;
    if (is_module) ++modules;
    if (is_pipeline) ++pipelines;
    if (!is_module && !is_pipeline && !is_layout) continue;
    if (!is_layout) {
      if (finding.claims.empty()) finding.step = made.step;
      finding.claims.push_back({made.step, step.duration_ns});
    }
    finding.fix.drop(made.step);
    finding.fix.renamed[made.object] = made.first;
    firsts.insert(made.first);
  }
  if (modules + pipelines < kLeastAgain) return;
  // The first ones live as long as any of those that they stand for.
  model.for_each<Release>([&](u32 step, const Step&, const Release& command) {
    if (finding.fix.renamed.contains(command.object) || firsts.contains(command.object)) finding.fix.drop(step);
  });
  finding.what = fmt::format("{} shader modules and {} pipelines are compiled though an equal one is there.",
                             modules, pipelines);
  finding.todo = "Keep modules and pipelines in a table by what they are made of, and look there first.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kDuplicatePipelines = {
    .name = "duplicate-pipelines",
    .title = "Compiles the same shader again",
    .why =
        "A module is parsed and checked, a pipeline is translated and compiled by the driver: milliseconds each, "
        "and "
        "draws with two equal pipelines cannot share what is set.",
    .before =
        "class Material {\n  constructor() { this.pipeline = device.createRenderPipeline(describe(this)); }\n}",
    .after =
        "const key = JSON.stringify(describe(this));\nthis.pipeline = pipelines.get(key) ?? remember(key, "
        "device.createRenderPipeline(describe(this)));",
    .when_not = "Once or twice at start-up it hardly matters: fewer than 3 are not reported.",
    .find = find,
};

}  // namespace shoal::review
