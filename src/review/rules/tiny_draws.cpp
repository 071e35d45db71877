// Many draws of a few vertices that one draw of many instances could be.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "review/analysis/fragment_storage.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kSmallVertices = 256;
constexpr u32 kLeastMerged = 64;  // in a pass: draws that could be one as they stand
constexpr u32 kLeastAlike = 300;  // in a pass: draws with another bind group each
constexpr u32 kLeastPasses = 4;

u32 vertices_of(const Draw& draw) { return draw.vertex_count; }
u32 vertices_of(const DrawIndexed& draw) { return draw.index_count; }

// The one draw that both are, or nothing.
std::optional<Draw> merged(const Draw& a, const Draw& b) {
  if (a.vertex_count != b.vertex_count || a.first_vertex != b.first_vertex) return std::nullopt;
  if (u64{a.first_instance} + a.instance_count != b.first_instance) return std::nullopt;
  Draw both = a;
  if (b.instance_count > kAllOrNone - a.instance_count) return std::nullopt;
  both.instance_count += b.instance_count;
  return both;
}
std::optional<DrawIndexed> merged(const DrawIndexed& a, const DrawIndexed& b) {
  if (a.index_count != b.index_count || a.first_index != b.first_index || a.base_vertex != b.base_vertex)
    return std::nullopt;
  if (u64{a.first_instance} + a.instance_count != b.first_instance) return std::nullopt;
  DrawIndexed both = a;
  if (b.instance_count > kAllOrNone - a.instance_count) return std::nullopt;
  both.instance_count += b.instance_count;
  return both;
}

// A draw that another could bring along as one instance more.
struct Tiny {
  u32 step = 0, pipeline = 0;
};

struct Pass {
  u32 first_step = kNone;
  u32 pipeline = 0;
  u32 alike = 0;  // draws behind one of the same pipeline and buffers, with other bind groups
  bool has_other_group = false, has_other_state = true;
  std::optional<Draw> draw;
  std::optional<DrawIndexed> indexed;
  u32 run_step = kNone;  // of the draw that all of a run become
  std::vector<Tiny> merged_draws, alike_draws;
  std::vector<std::pair<u32, std::vector<u32>>> runs;  // the first draw's step and the words of all
};

template <class C>
void take_draw(Pass& pass, u32 step, const C& command, std::optional<C>& last) {
  const bool is_small = vertices_of(command) <= kSmallVertices && command.instance_count > 0;
  if (is_small && last && !pass.has_other_state) {
    if (!pass.has_other_group) {
      if (const auto both = merged(*last, command)) {
        if (pass.runs.empty() || pass.runs.back().first != pass.run_step) pass.runs.push_back({pass.run_step, {}});
        pass.runs.back().second.clear();
        WireWriter(pass.runs.back().second).write(*both);
        pass.merged_draws.push_back({step, pass.pipeline});
        last = both;
        return;
      }
    } else if (vertices_of(*last) == vertices_of(command)) {
      ++pass.alike;
      pass.alike_draws.push_back({step, pass.pipeline});
    }
  }
  pass.draw.reset();
  pass.indexed.reset();
  pass.has_other_group = pass.has_other_state = false;
  if (is_small) last = command;
  pass.run_step = step;
  if (pass.first_step == kNone) pass.first_step = step;
}

// By pass; a bundle counts as one.
std::vector<Pass> passes_of(const TraceModel& model) {
  std::vector<Pass> passes;
  std::unordered_map<u32, size_t> open;
  model.for_each<BeginRenderPass, CreateRenderBundleEncoder, SetRenderPipeline, SetBindGroup, SetVertexBuffer,
                 SetIndexBuffer, SetViewport, SetScissorRect, SetBlendConstant, SetStencilReference, Draw,
                 DrawIndexed, DrawIndirect, DrawIndexedIndirect, MultiDrawIndirect, MultiDrawIndexedIndirect,
                 ExecuteBundles, BeginOcclusionQuery, EndOcclusionQuery>(
      [&]<class C>(u32 step, const Step&, const C& command) {
        if constexpr (std::is_same_v<C, BeginRenderPass> || std::is_same_v<C, CreateRenderBundleEncoder>) {
          open[command.pass] = passes.size();
          passes.emplace_back();
          return;
        }
        const auto found = open.find(command.pass);
        if (found == open.end()) return;
        Pass& pass = passes[found->second];
        if constexpr (std::is_same_v<C, Draw>) {
          take_draw(pass, step, command, pass.draw);
        } else if constexpr (std::is_same_v<C, DrawIndexed>) {
          take_draw(pass, step, command, pass.indexed);
        } else if constexpr (std::is_same_v<C, SetBindGroup>) {
          pass.has_other_group = true;
        } else {
          if constexpr (std::is_same_v<C, SetRenderPipeline>) pass.pipeline = command.pipeline;
          pass.has_other_state = true;
        }
      });
  return passes;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  Finding merging, alike;
  u32 merging_passes = 0, merged_draws = 0, alike_passes = 0, alike_draws = 0;
  const auto with_storage = pipelines_with_fragment_storage(model);
  const auto claim = [&](Finding& finding, const std::vector<Tiny>& draws) {
    for (const auto& [step, pipeline] : draws) {
      const double ns = subject.costs.draw_ns(with_storage.contains(pipeline)) - 1000 * subject.costs.instance_us;
      finding.claims.push_back({step, subject.costs.whole(model.steps()[step].duration_ns, ns)});
    }
  };
  for (const Pass& pass : passes_of(model)) {
    if (pass.merged_draws.size() >= kLeastMerged) {
      if (merging_passes++ == 0) merging.step = pass.first_step;
      merged_draws += static_cast<u32>(pass.merged_draws.size());
      claim(merging, pass.merged_draws);
      for (const Tiny& draw : pass.merged_draws) merging.fix.drop(draw.step);
      for (const auto& [step, words] : pass.runs) merging.fix.replaced[step] = words;
    }
    if (pass.alike >= kLeastAlike) {
      if (alike_passes++ == 0) alike.step = pass.first_step;
      alike_draws += pass.alike;
      claim(alike, pass.alike_draws);
    }
  }
  if (merging_passes >= kLeastPasses) {
    merging.what = fmt::format(
        "In {} passes {} draws each go on with the instances of the draw before, with nothing "
        "set between them.",
        merging_passes, merged_draws / merging_passes);
    merging.todo = "Draw all instances at once.";
    findings.push_back(std::move(merging));
  }
  if (alike_passes >= kLeastPasses) {
    alike.what = fmt::format(
        "In {} passes {} draws each are like the one before but for a bind group, of at most {} "
        "vertices.",
        alike_passes, alike_draws / alike_passes, kSmallVertices);
    alike.todo =
        "Put what differs into one storage or instance buffer and draw all instances at once; where they never "
        "change, record them into a render bundle.";
    findings.push_back(std::move(alike));
  }
}

}  // namespace

const Rule kTinyDraws = {
    .name = "tiny-draws",
    .title = "Draws one by one what one draw could be",
    .why =
        "Each draw is a call that is checked and recorded, and starts the GPU anew for a few vertices. A draw of a "
        "thousand instances costs about as much as one of one.",
    .before = "for (const [i, star] of stars.entries()) pass.draw(4, 1, 0, i);",
    .after = "pass.draw(4, stars.length);",
    .when_not =
        "Where draws differ in pipeline, in textures, or must keep an order among others. Below 64 a pass that "
        "stand "
        "side by side, or 300 with a bind group each, it is not reported.",
    .find = find,
};

}  // namespace shoal::review
