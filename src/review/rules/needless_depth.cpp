// Depth buffers that no pipeline of their passes tests against or writes.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "review/analysis/render_state.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;

bool does_nothing(const StencilFace& face) {
  return (face.compare == CompareFunction::kAlways || face.compare == CompareFunction::kUndefined) &&
         (face.pass_op == StencilOperation::kKeep || face.pass_op == StencilOperation::kUndefined) &&
         (face.depth_fail_op == StencilOperation::kKeep || face.depth_fail_op == StencilOperation::kUndefined);
}

// What a depth buffer must hold for the pipeline to do the same without.
enum class Needs { kNothing, kOne, kZero, kMore };

Needs needs_of(const DepthStencilState& state) {
  if (state.depth_write_enabled == 1 || !does_nothing(state.front) || !does_nothing(state.back))
    return Needs::kMore;
  switch (state.depth_compare) {
    case CompareFunction::kAlways:
    case CompareFunction::kUndefined: return Needs::kNothing;
    case CompareFunction::kLessEqual: return Needs::kOne;  // which depths never exceed
    case CompareFunction::kGreaterEqual: return Needs::kZero;
    default: return Needs::kMore;
  }
}

struct Depth {
  std::vector<u32> passes;  // the steps that begin them
  std::set<u32> pipelines;
  std::set<Needs> needs;  // of those
  bool is_used = false;
  bool is_one = true, is_zero = true;  // each pass clears it to that
};

// Whether any of its pipelines leaves out or keeps what it would not without.
bool tells(const Depth& depth) {
  return depth.needs.contains(Needs::kMore) || (depth.needs.contains(Needs::kOne) && !depth.is_one) ||
         (depth.needs.contains(Needs::kZero) && !depth.is_zero);
}

struct Passes {
  std::map<u32, Depth> by_texture;
  std::unordered_map<u32, u32> made;  // pipeline -> its step
};

Passes passes_of(const TraceModel& model) {
  Passes out;
  std::unordered_map<u32, u32> texture_of_pass;
  std::unordered_map<u32, Needs> needs;  // of pipelines
  model.for_each<CreateRenderPipeline, CreateRenderPipelineAsync, BeginRenderPass, SetRenderPipeline,
                 ExecuteBundles, BeginOcclusionQuery>([&]<class C>(u32 step, const Step&, const C& command) {
    if constexpr (requires { command.state; }) {
      out.made[command.pipeline] = step;
      const auto& depth = command.state.depth_stencil;
      needs[command.pipeline] = depth.empty() ? Needs::kMore : needs_of(depth[0]);
    } else if constexpr (std::is_same_v<C, BeginRenderPass>) {
      for (const DepthStencilAttachment& depth : command.targets.depth_stencil) {
        const Object* view = model.object(depth.view);
        if (view == nullptr) continue;
        texture_of_pass[command.pass] = view->of;
        Depth& of_texture = out.by_texture[view->of];
        of_texture.passes.push_back(step);
        const bool is_cleared = depth.depth_load == LoadOp::kClear;
        of_texture.is_one = of_texture.is_one && is_cleared && depth.depth_clear_value == 1;
        of_texture.is_zero = of_texture.is_zero && is_cleared && depth.depth_clear_value == 0;
      }
    } else {
      const auto texture = texture_of_pass.find(command.pass);
      if (texture == texture_of_pass.end()) return;
      Depth& depth = out.by_texture[texture->second];
      if constexpr (std::is_same_v<C, SetRenderPipeline>) {
        depth.pipelines.insert(command.pipeline);
        const auto needed = needs.find(command.pipeline);
        depth.needs.insert(needed == needs.end() ? Needs::kMore : needed->second);
      } else {
        depth.is_used = true;  // what a bundle draws with is not looked at, and queries count what passes the test
      }
    }
  });
  return out;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  const Passes passes = passes_of(model);
  for (const auto& [texture, depth] : passes.by_texture) {
    const Object* object = model.object(texture);
    if (object == nullptr || depth.is_used || tells(depth) || depth.pipelines.empty() ||
        depth.passes.size() < kLeastTimes)
      continue;
    const auto& accesses = model.accesses(texture);
    if (std::ranges::any_of(accesses, &Access::reads)) continue;
    // Pipelines that draw beside other depth buffers as well must keep their state.
    const bool is_shared = std::ranges::any_of(passes.by_texture, [&](const auto& other) {
      return other.first != texture && std::ranges::any_of(depth.pipelines, [&](u32 pipeline) {
               return other.second.pipelines.contains(pipeline);
             });
    });
    Finding finding{
        .what = fmt::format(
            "{} passes have {} ({}), and none of their {} pipelines writes it or leaves anything out by it.",
            depth.passes.size(), model.name(texture), format_bytes(object->size_bytes), depth.pipelines.size()),
        .todo = "Leave depthStencilAttachment out, and depthStencil in the pipelines.",
        .step = depth.passes.front(),
        .object = model.name(texture),
        .claims = {},
        .saved_bytes = object->size_bytes};
    // Of how many pixels a pass asks is taken to be all of them, once.
    const bool asks = depth.needs.contains(Needs::kOne) || depth.needs.contains(Needs::kZero);
    const double ns_per_byte = subject.costs.depth_ns_per_byte + (asks ? subject.costs.depth_test_ns_per_byte : 0);
    for (const u32 step : depth.passes) {
      const bool is_first = finding.claims.empty();
      finding.claims.push_back({step, saturated(ns_per_byte * static_cast<double>(object->size_bytes) +
                                                (is_first ? subject.costs.first_use_ns(object->size_bytes) : 0))});
      auto pass = model.read<BeginRenderPass>(step);
      pass.targets.depth_stencil = {};
      finding.fix.replace(step, pass);
    }
    for (const u32 pipeline : depth.pipelines) {
      change_render_state(model, passes.made.at(pipeline), finding.fix,
                          [](RenderState& state) { state.depth_stencil = {}; });
    }
    if (is_shared) finding.fix = {};
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule kNeedlessDepth = {
    .name = "needless-depth",
    .title = "Has a depth buffer that nothing tests",
    .why =
        "A depth buffer takes as much memory as the picture, and each pass clears it and sets it up. Pipelines "
        "that "
        "always pass the test and never write it draw the same without.",
    .before =
        "depthStencil: {format: 'depth24plus', depthWriteEnabled: false, depthCompare: 'always'}\n"
        "depthStencilAttachment: {view: depth, ...}",
    .after = "// neither in the pipeline nor in the pass",
    .when_not = "Where other objects of the same pass are tested: then pipelines without a test must name it too.",
    .find = find,
};

}  // namespace shoal::review
