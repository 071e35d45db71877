// Passes one behind the other that could be one.
#include <unordered_set>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;

// Whether `next` goes on with what `before` left, on the same attachments and without times of its own.
bool goes_on(const PassTargets& before, const PassTargets& next) {
  if (before.query_set != 0 || next.query_set != 0 || before.occlusion_query_set != next.occlusion_query_set)
    return false;
  if (before.color_attachments.size() != next.color_attachments.size() ||
      before.depth_stencil.size() != next.depth_stencil.size()) {
    return false;
  }
  for (size_t i = 0; i < before.color_attachments.size(); ++i) {
    const ColorAttachment &a = before.color_attachments[i], &b = next.color_attachments[i];
    if (a.view != b.view || a.depth_slice != b.depth_slice || a.resolve_target != 0 || b.resolve_target != 0)
      return false;
    if (a.view != 0 && (a.store != StoreOp::kStore || b.load != LoadOp::kLoad || b.store != StoreOp::kStore))
      return false;
  }
  for (size_t i = 0; i < before.depth_stencil.size(); ++i) {
    const DepthStencilAttachment &a = before.depth_stencil[i], &b = next.depth_stencil[i];
    if (a.view != b.view || a.depth_read_only != b.depth_read_only || a.stencil_read_only != b.stencil_read_only)
      return false;
    if (a.depth_store != b.depth_store || a.stencil_store != b.stencil_store) return false;
    if (b.depth_load == LoadOp::kClear || b.stencil_load == LoadOp::kClear) return false;
    if (a.depth_store == StoreOp::kDiscard || a.stencil_store == StoreOp::kDiscard) return false;
  }
  return true;
}

double attachment_bytes(const TraceModel& model, const PassTargets& targets) {
  double bytes = 0;
  const auto add = [&](u32 view) {
    const Object* object = model.object(view);
    const Object* texture = object == nullptr ? nullptr : model.object(object->of);
    if (texture != nullptr) bytes += static_cast<double>(texture->size_bytes);
  };
  for (const ColorAttachment& color : targets.color_attachments) add(color.view);
  for (const DepthStencilAttachment& depth : targets.depth_stencil) add(depth.view);
  return bytes;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  struct Open {
    u32 pass = 0, end_step = kNone;
    u32 first = 0;  // the pass that all of them become
    bool is_render = false, has_own_state = false;
    PassTargets targets;
  };
  std::unordered_map<u32, Open> last;  // by encoder: the pass that ended last, nothing behind it
  std::unordered_map<u32, u32> encoder_of;
  Finding finding;
  u32 merged = 0, passes = 0;
  const auto begin = [&]<class C>(u32 step, const C& command) {
    ++passes;
    encoder_of[command.pass] = command.encoder;
    Open now{.pass = command.pass, .first = command.pass, .targets = {}};
    if constexpr (std::is_same_v<C, BeginRenderPass>) {
      now.is_render = true;
      now.targets = command.targets;
    } else {
      now.targets.query_set = command.query_set;
    }
    const auto before = last.find(command.encoder);
    if (before != last.end() && before->second.end_step != kNone && before->second.is_render == now.is_render &&
        !before->second.has_own_state && goes_on(before->second.targets, now.targets)) {
      ++merged;
      if (merged == 1) finding.step = step;
      now.first = before->second.first;
      // What the pass before stored, this one loads.
      const double pass_us = now.is_render ? subject.costs.render_pass_us : subject.costs.pass_us;
      const double bytes_ns = 2 * subject.costs.attachment_ns_per_byte * attachment_bytes(model, now.targets);
      const u32 calls_ns = model.steps()[step].duration_ns + model.steps()[before->second.end_step].duration_ns;
      finding.claims.push_back({step, subject.costs.whole(calls_ns, 1000 * pass_us + bytes_ns)});
      finding.fix.drop(step);
      finding.fix.drop(before->second.end_step);
      finding.fix.renamed[command.pass] = now.first;
    }
    last[command.encoder] = std::move(now);
  };
  model.for_each<BeginComputePass, BeginRenderPass, EndPass, CopyBufferToBuffer, CopyBufferToTexture,
                 CopyTextureToBuffer, CopyTextureToTexture, CopyBufferToCanvas, ClearBuffer, ResolveQuerySet,
                 WriteTimestamp, SetViewport, SetScissorRect, SetBlendConstant, SetStencilReference, PushDebugGroup,
                 PopDebugGroup, InsertDebugMarker>([&]<class C>(u32 step, const Step&, const C& command) {
    if constexpr (std::is_same_v<C, BeginComputePass> || std::is_same_v<C, BeginRenderPass>) {
      begin(step, command);
    } else if constexpr (std::is_same_v<C, EndPass>) {
      const auto encoder = encoder_of.find(command.pass);
      if (encoder == encoder_of.end()) return;
      if (const auto open = last.find(encoder->second); open != last.end()) open->second.end_step = step;
    } else if constexpr (requires { command.pass; }) {
      // What a pass sets of this ends with it, and its successor counts on that.
      const auto encoder = encoder_of.find(command.pass);
      if (encoder == encoder_of.end()) return;
      if (const auto open = last.find(encoder->second); open != last.end()) open->second.has_own_state = true;
    } else if constexpr (requires { command.scope; }) {
      last.erase(command.scope);
      const auto encoder = encoder_of.find(command.scope);
      if (encoder != encoder_of.end()) last.erase(encoder->second);
    } else {
      last.erase(command.encoder);
    }
  });
  if (merged < kLeastTimes) return;
  // The pass that all become is released when the first has ended, which is later now.
  std::unordered_set<u32> firsts;
  for (const auto& [pass, first] : finding.fix.renamed) firsts.insert(first);
  model.for_each<Release>([&](u32 step, const Step&, const Release& command) {
    if (finding.fix.renamed.contains(command.object) || firsts.contains(command.object)) finding.fix.drop(step);
  });
  finding.what = fmt::format("{} of {} passes go on with what the pass before them left, with nothing between.",
                             merged, passes);
  finding.todo = "Encode them into one pass.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kAdjacentPasses = {
    .name = "adjacent-passes",
    .title = "Begins a new pass where it could go on",
    .why =
        "Behind a render pass its attachments are stored, and loaded again by the next; between two passes the GPU "
        "drains. "
        "Within a pass neither happens. Dispatches of one compute pass see each other's writes just as well.",
    .before =
        "for (const layer of layers) {\n  const pass = encoder.beginRenderPass(loading(view));\n  "
        "layer.draw(pass);\n  "
        "pass.end();\n}",
    .after =
        "const pass = encoder.beginRenderPass(clearing(view));\nfor (const layer of layers) "
        "layer.draw(pass);\npass.end();",
    .when_not = "Where a pass reads by a binding what the one before drew, or where times are taken for each.",
    .find = find,
};

}  // namespace shoal::review
