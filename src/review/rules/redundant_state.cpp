// A pipeline, bind group or buffer is set that is set already.
#include <map>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 8;  // in a pass on the average

struct Group {
  u32 sets = 0, redundant = 0, first_step = kNone;
  std::vector<Claim> claims;
};

// What a pass has set.
struct State {
  std::map<u64, std::vector<u32>> set;  // command and slot -> its words
};

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::unordered_map<u32, State> passes;
  std::map<std::string_view, Group> groups;
  u32 pass_count = 0;
  model.for_each<BeginComputePass, BeginRenderPass, CreateRenderBundleEncoder, SetPipeline, SetRenderPipeline,
                 SetBindGroup, SetVertexBuffer, SetIndexBuffer, SetViewport, SetScissorRect, SetBlendConstant,
                 SetStencilReference, ExecuteBundles, EndPass, FinishBundle>(
      [&]<class C>(u32 step, const Step& said, const C& command) {
        if constexpr (std::is_same_v<C, BeginComputePass> || std::is_same_v<C, BeginRenderPass> ||
                      std::is_same_v<C, CreateRenderBundleEncoder>) {
          passes[command.pass] = {};
          ++pass_count;
        } else if constexpr (std::is_same_v<C, EndPass> || std::is_same_v<C, FinishBundle>) {
          passes.erase(command.pass);
        } else if constexpr (std::is_same_v<C, ExecuteBundles>) {
          // A pass has no pipeline, bind groups or buffers behind bundles.
          passes[command.pass] = {};
        } else {
          u32 slot = 0;
          if constexpr (requires { command.index; }) slot = command.index;
          if constexpr (requires { command.slot; }) slot = command.slot;
          const auto words = model.words(step);
          std::vector<u32>& set = passes[command.pass].set[u64{C::kOpcode} << 32 | slot];
          Group& group = groups[C::kName];
          ++group.sets;
          if (std::ranges::equal(set, words)) {
            ++group.redundant;
            if (group.first_step == kNone) group.first_step = step;
            group.claims.push_back({step, subject.costs.whole(said.duration_ns, 1000 * subject.costs.state_us)});
          } else {
            set.assign(words.begin(), words.end());
          }
        }
      });
  Finding finding;
  u32 redundant = 0;
  std::string parts;
  for (auto& [name, group] : groups) {
    if (group.redundant == 0) continue;
    redundant += group.redundant;
    parts += fmt::format("{}{} of {} {}", parts.empty() ? "" : ", ", group.redundant, group.sets, name);
    finding.step = finding.claims.empty() ? group.first_step : std::min(finding.step, group.first_step);
    for (const Claim& claim : group.claims) {
      finding.claims.push_back(claim);
      finding.fix.drop(claim.step);
    }
  }
  if (pass_count == 0 || redundant / pass_count < kLeastTimes) return;
  finding.what = fmt::format("What is set already is set again: {}.", parts);
  finding.todo = "Remember what the pass has set, and sort draws so that what they share is set once.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kRedundantState = {
    .name = "redundant-state",
    .title = "Sets what is set already",
    .why =
        "Each set is a call that looks its objects up, keeps them alive for the submission, and makes the next "
        "draw "
        "check its bindings anew. Setting the same thing again changes nothing else.",
    .before =
        "for (const o of objects) {\n  pass.setPipeline(o.material.pipeline);\n  pass.setBindGroup(0, camera);\n  "
        "...\n}",
    .after =
        "pass.setBindGroup(0, camera);\nfor (const o of objectsByMaterial) {\n  if (o.material !== last) "
        "pass.setPipeline((last = o.material).pipeline);\n  ...\n}",
    .when_not = "Where a pass has few draws: below 8 a pass it is not reported.",
    .find = find,
};

}  // namespace shoal::review
