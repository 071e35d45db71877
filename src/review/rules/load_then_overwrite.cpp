// Attachments that are loaded and then drawn over whole.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.h"
#include "review/analysis/drawn.h"
#include "review/analysis/render_state.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;

// Every pixel of the target is what the pipeline's fragments say, whatever was there.
bool replaces(const RenderState& state, size_t target, std::string_view fragment_code) {
  if (state.fragment.empty() || target >= state.fragment[0].targets.size()) return false;
  const ColorTarget& color = state.fragment[0].targets[target];
  const bool tests = std::ranges::any_of(state.depth_stencil, [](const DepthStencilState& depth) {
    const auto passes = [](CompareFunction f) {
      return f == CompareFunction::kAlways || f == CompareFunction::kUndefined;
    };
    return !passes(depth.depth_compare) || !passes(depth.front.compare) || !passes(depth.back.compare);
  });
  constexpr u32 kAll = 15;
  return !tests && color.blend.empty() && static_cast<u32>(color.write_mask) == kAll && state.sample_mask == ~0u &&
         state.alpha_to_coverage == 0 && !fragment_code.contains("discard") &&
         !fragment_code.contains("sample_mask");
}

struct Group {
  u32 times = 0, first_step = kNone;
  std::vector<u32> steps;
};

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::unordered_map<u32, std::string_view> code;
  model.for_each<CreateShaderModule>(
      [&](u32, const Step&, const CreateShaderModule& command) { code[command.module] = command.code; });
  std::map<u32, Group> groups;  // by texture
  visit_drawn(model, [&](const Drawn& drawn) {
    if (drawn.number != 0 || !drawn.covers) return;
    const auto pass = model.read<BeginRenderPass>(drawn.pass_step);
    const RenderState state = render_state(model, drawn.pipeline_step);
    const auto& colors = pass.targets.color_attachments;
    for (size_t i = 0; i < colors.size(); ++i) {
      if (colors[i].view == 0 || colors[i].load != LoadOp::kLoad) continue;
      if (!replaces(state, i, state.fragment.empty() ? "" : code[state.fragment[0].module])) continue;
      const Object* view = model.object(colors[i].view);
      Group& group = groups[view == nullptr ? 0 : view->of];
      if (group.times++ == 0) group.first_step = drawn.pass_step;
      group.steps.push_back(drawn.pass_step);
    }
  });
  for (const auto& [texture, group] : groups) {
    const Object* object = model.object(texture);
    if (object == nullptr || group.times < kLeastTimes) continue;
    Finding finding{.what = fmt::format("{} passes load {} ({}), and the first draw of each covers all of it.",
                                        group.times, model.name(texture), format_bytes(object->size_bytes)),
                    .todo = "Give it the load op 'clear': GPUs that draw by tiles then never read it from memory.",
                    .step = group.first_step,
                    .object = model.name(texture),
                    .claims = {}};
    const double spared_ns_per_byte = subject.costs.is_tiled ? subject.costs.attachment_ns_per_byte : 0;
    const u64 ns = saturated(spared_ns_per_byte * static_cast<double>(object->size_bytes));
    for (const u32 step : group.steps) {
      if (ns > 0) finding.claims.push_back({step, ns});
      auto pass = model.read<BeginRenderPass>(step);
      for (ColorAttachment& color : pass.targets.color_attachments) {
        const Object* view = model.object(color.view);
        if (view != nullptr && view->of == texture && color.load == LoadOp::kLoad) color.load = LoadOp::kClear;
      }
      finding.fix.replace(step, pass);
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule kLoadThenOverwrite = {
    .name = "load-then-overwrite",
    .title = "Loads an attachment and draws over all of it",
    .why =
        "GPUs that draw by tiles (phones, tablets, Apple's) read an attachment from memory before the pass where "
        "it is "
        "loaded, and a clear costs them nothing. On others the two cost about the same, and no gain is claimed.",
    .before =
        "colorAttachments: [{view, loadOp: 'load', storeOp: 'store'}]\n...\npass.draw(3); // the sky, over all",
    .after = "colorAttachments: [{view, loadOp: 'clear', storeOp: 'store'}]\n...\npass.draw(3);",
    .when_not =
        "Where the first draw blends, discards or leaves pixels out. It is told where a vertex shader's text says "
        "where "
        "its three or six vertices lie.",
    .find = find,
};

}  // namespace shoal::review
