// Attachments whose contents are stored though nothing reads them.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;

struct Group {
  u32 stores = 0;
  std::vector<u32> steps;
};

u32 texture_of(const TraceModel& model, u32 view) {
  const Object* object = model.object(view);
  return object == nullptr ? 0 : object->of;
}

// "texture 'samples' with 4 samples a pixel".
std::string described(const TraceModel& model, u32 texture) {
  const u32 made = model.object(texture)->made;
  if (made >= model.steps().size() || model.steps()[made].opcode != CreateTexture::kOpcode)
    return model.name(texture);
  const u32 samples = model.read<CreateTexture>(made).descriptor.sample_count;
  return samples > 1 ? fmt::format("{} with {} samples a pixel", model.name(texture), samples)
                     : model.name(texture);
}

Finding finding_of(const Subject& subject, const std::vector<u32>& steps, const std::vector<u32>& textures) {
  const TraceModel& model = subject.model;
  std::string names;
  u64 bytes = 0;
  for (const u32 texture : textures) {
    bytes += model.object(texture)->size_bytes;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", described(model, texture));
  }
  Finding finding{.what = fmt::format("{} passes store {} ({}), which every pass clears and nothing reads.",
                                      steps.size(), names, format_bytes(bytes)),
                  .todo = fmt::format("Give {} the store op 'discard'. GPUs that draw by tiles then never write {} "
                                      "to memory.",
                                      textures.size() == 1 ? "it" : "each", textures.size() == 1 ? "it" : "them"),
                  .step = steps.front(),
                  .object = model.name(textures.front()),
                  .claims = {}};
  const double saved_ns_per_byte = subject.costs.is_tiled ? subject.costs.attachment_ns_per_byte : 0;
  const u64 ns = saturated(saved_ns_per_byte * static_cast<double>(bytes));
  const auto is_one = [&](u32 view) {
    return std::ranges::find(textures, texture_of(model, view)) != textures.end();
  };
  for (const u32 step : steps) {
    if (ns > 0) finding.claims.push_back({step, ns});
    auto pass = model.read<BeginRenderPass>(step);
    for (ColorAttachment& color : pass.targets.color_attachments) {
      if (color.view != 0 && is_one(color.view)) color.store = StoreOp::kDiscard;
    }
    for (DepthStencilAttachment& depth : pass.targets.depth_stencil) {
      if (!is_one(depth.view)) continue;
      if (depth.depth_store == StoreOp::kStore) depth.depth_store = StoreOp::kDiscard;
      if (depth.stencil_store == StoreOp::kStore) depth.stencil_store = StoreOp::kDiscard;
    }
    finding.fix.replace(step, pass);
  }
  return finding;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, Group> groups;  // by texture
  const auto add = [&](u32 view, u32 step) {
    Group& group = groups[texture_of(model, view)];
    ++group.stores;
    if (group.steps.empty() || group.steps.back() != step) group.steps.push_back(step);
  };
  model.for_each<BeginRenderPass>([&](u32 step, const Step&, const BeginRenderPass& command) {
    for (const ColorAttachment& color : command.targets.color_attachments) {
      if (color.view != 0 && color.store == StoreOp::kStore) add(color.view, step);
    }
    for (const DepthStencilAttachment& depth : command.targets.depth_stencil) {
      if (depth.depth_store == StoreOp::kStore || depth.stencil_store == StoreOp::kStore) add(depth.view, step);
    }
  });
  // What the same passes store, they store for one reason: one finding.
  std::map<std::vector<u32>, std::vector<u32>> textures_of;  // by the steps of the passes
  for (const auto& [texture, group] : groups) {
    const Object* object = model.object(texture);
    if (object == nullptr || object->is_canvas_s || group.stores < kLeastTimes) continue;
    // No pass loads it, nothing samples or copies it.
    if (std::ranges::any_of(model.accesses(texture), &Access::reads)) continue;
    textures_of[group.steps].push_back(texture);
  }
  for (const auto& [steps, textures] : textures_of) {
    findings.push_back(finding_of(subject, steps, textures));
  }
}

}  // namespace

const Rule kStoreNeverRead = {
    .name = "store-never-read",
    .title = "Stores an attachment that nobody reads",
    .why =
        "The samples of a picture that the pass resolves, and most depth buffers, are needed by their pass alone. "
        "GPUs that "
        "draw by tiles (phones, tablets, Apple's) keep attachments in the chip while they draw, and "
        "write them "
        "to memory behind the pass where that is asked for. On others it makes no difference, and no gain is "
        "claimed.",
    .before = "depthStencilAttachment: {view, depthLoadOp: 'clear', depthStoreOp: 'store', depthClearValue: 1}",
    .after = "depthStencilAttachment: {view, depthLoadOp: 'clear', depthStoreOp: 'discard', depthClearValue: 1}",
    .when_not = "Where a later pass samples it or goes on with it, or a copy behind the end of the trace.",
    .find = find,
};

}  // namespace shoal::review
