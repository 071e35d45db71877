// Bind groups, views and samplers that are made anew for each frame.
#include <map>
#include <unordered_set>

#include "base/text.h"
#include "review/rules/rules.h"
#include "review/rules/same_objects.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastAgain = 16;       // in the trace
constexpr double kLeastPerFrame = 4;  // on the average

// What one costs where that was measured; else the recorded call has all of it.
double cost_us(const Costs& costs, u32 opcode) {
  if (!costs.is_measured) return 0;
  if (opcode == CreateBindGroup::kOpcode) return costs.bind_group_us;
  return opcode == CreateTextureView::kOpcode ? costs.texture_view_us : costs.sampler_us;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  Finding finding;
  std::map<std::string_view, u32> counts;
  std::unordered_set<u32> firsts;
  u32 again = 0;
  for (const MadeAgain& made : objects_made_again(model)) {
    const Step& step = model.steps()[made.step];
    const std::string_view kind = step.opcode == CreateBindGroup::kOpcode     ? "bind groups"
                                  : step.opcode == CreateTextureView::kOpcode ? "views"
                                  : step.opcode == CreateSampler::kOpcode     ? "samplers"
                                                                              : "";
    if (kind.empty()) continue;
    ++counts[kind];
    if (again++ == 0) finding.step = made.step;
    finding.claims.push_back(
        {made.step, subject.costs.whole(step.duration_ns, 1000 * cost_us(subject.costs, step.opcode))});
    finding.fix.drop(made.step);
    finding.fix.renamed[made.object] = made.first;
    firsts.insert(made.first);
  }
  if (again < kLeastAgain || again < kLeastPerFrame * static_cast<double>(model.frames().size())) return;
  // The first ones live as long as any of those that they stand for.
  model.for_each<Release>([&](u32 step, const Step&, const Release& command) {
    if (finding.fix.renamed.contains(command.object) || firsts.contains(command.object)) finding.fix.drop(step);
  });
  std::string list;
  for (const auto& [kind, count] : counts) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", count, kind);
  finding.what = fmt::format("{} are made though an equal one is there: {:.1f} a frame.", list,
                             static_cast<double>(again) / static_cast<double>(model.frames().size()));
  finding.todo = "Make each once, beside the buffer or texture that it is of, and keep it as long.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kObjectsMadeAgain = {
    .name = "objects-made-again",
    .title = "Makes bind groups, views or samplers that it has",
    .why =
        "Making one checks all that it names and allocates in the driver; giving it back waits for the submissions "
        "that "
        "used it. In a browser each is also a message to another process and work for the collector.",
    .before =
        "function draw(pass, panel) {\n  const group = device.createBindGroup({layout, entries: [{binding: 0, "
        "resource: "
        "{buffer: panel.buffer}}]});\n  pass.setBindGroup(0, group);\n  ...\n}",
    .after = "panel.group = panel.group || device.createBindGroup({...});\n...\npass.setBindGroup(0, panel.group);",
    .when_not =
        "A canvas has another texture for each frame, so its view is made for each; those are not reported, and "
        "neither are fewer than four a frame.",
    .find = find,
};

}  // namespace shoal::review
