// Multisampled targets of which all samples of a pixel are always the same.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "review/analysis/drawn.h"
#include "review/analysis/render_state.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;

// Fragments of such a pipeline are worked out once a pixel, and go to all samples that are covered.
bool is_alike_in_samples(const RenderState& state, std::string_view fragment_code) {
  const u32 all = state.sample_count >= 32 ? ~0u : (1u << state.sample_count) - 1;
  const bool asks = fragment_code.contains("sample_index") || fragment_code.contains("sample_mask") ||
                    fragment_code.contains("interpolate");
  return state.alpha_to_coverage == 0 && (state.sample_mask & all) == all && state.depth_stencil.empty() && !asks;
}

struct Pass {
  std::vector<u32> targets;  // textures
  u32 draws = 0;
  bool is_plain = false;  // nothing in it tells samples of a pixel apart
};

struct Passes {
  std::map<u32, Pass> by_step;
  std::unordered_map<u32, std::set<u32>> pipelines;  // by the step that makes it: the passes it draws in
  std::unordered_set<u32> elsewhere;                 // pipelines that bundles set
};

// Samples go nowhere but into the picture that the pass resolves them to.
bool resolves_all(const PassTargets& targets) {
  return targets.depth_stencil.empty() && targets.occlusion_query_set == 0 &&
         std::ranges::all_of(targets.color_attachments, [](const ColorAttachment& color) {
           return color.view == 0 || (color.resolve_target != 0 && color.load == LoadOp::kClear);
         });
}

void look_at_draws(const TraceModel& model, Passes& passes) {
  std::unordered_map<u32, std::string_view> code;
  model.for_each<CreateShaderModule>(
      [&](u32, const Step&, const CreateShaderModule& command) { code[command.module] = command.code; });
  std::unordered_map<u32, bool> is_alike;  // pipelines, by step
  visit_drawn(model, [&](const Drawn& drawn) {
    const auto pass = passes.by_step.find(drawn.pass_step);
    if (pass == passes.by_step.end()) return;
    ++pass->second.draws;
    if (drawn.pipeline_step == kNone || !drawn.covers) {
      pass->second.is_plain = false;
      return;
    }
    const auto [known, is_new] = is_alike.emplace(drawn.pipeline_step, false);
    if (is_new) {
      const RenderState state = render_state(model, drawn.pipeline_step);
      known->second = is_alike_in_samples(state, state.fragment.empty() ? "" : code[state.fragment[0].module]);
    }
    pass->second.is_plain = pass->second.is_plain && known->second;
  });
}

Passes passes_of(const TraceModel& model) {
  Passes out;
  std::unordered_map<u32, u32> step_of, made;  // of passes and of pipelines
  model.for_each<BeginRenderPass, CreateRenderPipeline, CreateRenderPipelineAsync, SetRenderPipeline,
                 ExecuteBundles>([&]<class C>(u32 step, const Step&, const C& command) {
    if constexpr (requires { command.state; }) {
      made[command.pipeline] = step;
    } else if constexpr (std::is_same_v<C, BeginRenderPass>) {
      step_of[command.pass] = step;
      Pass& pass = out.by_step[step];
      pass.is_plain = resolves_all(command.targets);
      for (const ColorAttachment& color : command.targets.color_attachments) {
        if (const Object* view = model.object(color.view); view != nullptr) pass.targets.push_back(view->of);
      }
    } else {
      const auto pass = step_of.find(command.pass);
      if constexpr (std::is_same_v<C, SetRenderPipeline>) {
        const auto pipeline = made.find(command.pipeline);
        if (pipeline == made.end()) return;
        if (pass != step_of.end()) {
          out.pipelines[pipeline->second].insert(pass->second);
        } else {
          out.elsewhere.insert(pipeline->second);
        }
      } else if (pass != step_of.end()) {
        out.by_step[pass->second].is_plain = false;  // what bundles draw is not looked at
      }
    }
  });
  look_at_draws(model, out);
  return out;
}

// Draws into the picture that was resolved to. Empty where a pipeline of these passes draws in others too.
TraceEdit draw_without(const TraceModel& model, const Passes& passes, const std::vector<u32>& steps) {
  TraceEdit fix;
  const auto is_here = [&](u32 step) { return std::ranges::binary_search(steps, step); };
  for (const auto& [pipeline, in] : passes.pipelines) {
    if (std::ranges::none_of(in, is_here)) continue;
    if (!std::ranges::all_of(in, is_here) || passes.elsewhere.contains(pipeline)) return {};
    change_render_state(model, pipeline, fix, [](RenderState& state) { state.sample_count = 1; });
  }
  for (const u32 step : steps) {
    auto pass = model.read<BeginRenderPass>(step);
    for (ColorAttachment& color : pass.targets.color_attachments) {
      if (color.view == 0) continue;
      color.view = std::exchange(color.resolve_target, 0);
      color.store = StoreOp::kStore;
    }
    fix.replace(step, pass);
  }
  return fix;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::unordered_map<u32, u32> samples;  // by texture, where it has several
  model.for_each<CreateTexture>([&](u32, const Step&, const CreateTexture& command) {
    if (command.descriptor.sample_count > 1) samples[command.texture] = command.descriptor.sample_count;
  });
  if (samples.empty()) return;
  const Passes passes = passes_of(model);
  std::map<u32, std::vector<u32>> steps_of;  // by texture
  std::unordered_set<u32> needed;
  for (const auto& [step, pass] : passes.by_step) {
    for (const u32 texture : pass.targets) {
      if (!samples.contains(texture)) continue;
      if (!pass.is_plain || pass.draws == 0) needed.insert(texture);
      steps_of[texture].push_back(step);
    }
  }
  for (const auto& [texture, steps] : steps_of) {
    const Object* object = model.object(texture);
    if (object == nullptr || needed.contains(texture) || steps.size() < kLeastTimes) continue;
    if (std::ranges::any_of(model.accesses(texture), &Access::reads)) continue;
    const u32 count = samples.at(texture);
    Finding finding{
        .what = fmt::format("{} passes draw into {} ({}, {} samples a pixel) what fills the picture and nothing "
                            "else: all samples of a pixel are the same.",
                            steps.size(), model.name(texture), format_bytes(object->size_bytes), count),
        .todo = "Draw into the picture that they are resolved to, with pipelines of one sample.",
        .step = steps.front(),
        .object = model.name(texture),
        .claims = {},
        .saved_bytes = object->size_bytes,
        .fix = draw_without(model, passes, steps)};
    const double ns = subject.costs.samples_ns_per_byte * static_cast<double>(object->size_bytes);
    for (const u32 step : steps) {
      const double first_use_ns = step == steps.front() ? subject.costs.first_use_ns(object->size_bytes) : 0;
      finding.claims.push_back({step, saturated(ns + first_use_ns)});
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule kNeedlessSamples = {
    .name = "needless-samples",
    .title = "Takes several samples of what is the same in all",
    .why =
        "Samples smooth the edges of triangles. A triangle that fills the picture has no edge in it: each pixel's "
        "samples are the same, take memory and time as many times as there are, and are brought together again.",
    .before =
        "colorAttachments: [{view: samples, resolveTarget: view, ...}]\n"
        "multisample: {count: 4}\n...\npass.draw(3); // a filter over all of the picture",
    .after = "colorAttachments: [{view, ...}]\n// no multisample\n...\npass.draw(3);",
    .when_not =
        "Where the same pass also draws shapes, or its shader asks for the sample. It is told where a vertex "
        "shader's "
        "text says where its three or six vertices lie.",
    .find = find,
};

}  // namespace shoal::review
