// Attachments whose contents are stored though nothing reads them.
#include <map>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;

struct Group {
  u32 stores = 0;
  std::vector<u32> steps;
};

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, Group> groups;  // by texture
  const auto texture_of = [&](u32 view) {
    const Object* object = model.object(view);
    return object == nullptr ? 0 : object->of;
  };
  const auto add = [&](u32 view, u32 step) {
    Group& group = groups[texture_of(view)];
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
  for (auto& [texture, group] : groups) {
    const Object* object = model.object(texture);
    if (object == nullptr || object->is_canvas_s || group.stores < kLeastTimes) continue;
    // No pass loads it, nothing samples or copies it.
    bool is_read = false;
    for (const Access& access : model.accesses(texture)) is_read = is_read || access.reads;
    if (is_read) continue;
    const double saved_ns_per_byte = subject.costs.is_tiled ? subject.costs.attachment_ns_per_byte : 0;
    const u64 ns = static_cast<u64>(saved_ns_per_byte * static_cast<double>(object->size_bytes));
    Finding finding{
        .what = fmt::format("{} passes store {} ({}), which every pass clears and nothing reads.", group.stores,
                            model.name(texture), format_bytes(object->size_bytes)),
        .todo = "Give it the store op 'discard'. GPUs that draw by tiles then never write it to memory.",
        .step = group.steps.front(),
        .object = model.name(texture),
        .claims = {}};
    for (const u32 step : group.steps) {
      if (ns > 0) finding.claims.push_back({step, ns});
      auto pass = model.read<BeginRenderPass>(step);
      for (ColorAttachment& color : pass.targets.color_attachments) {
        if (texture_of(color.view) == texture) color.store = StoreOp::kDiscard;
      }
      for (DepthStencilAttachment& depth : pass.targets.depth_stencil) {
        if (texture_of(depth.view) != texture) continue;
        if (depth.depth_store == StoreOp::kStore) depth.depth_store = StoreOp::kDiscard;
        if (depth.stencil_store == StoreOp::kStore) depth.stencil_store = StoreOp::kDiscard;
      }
      finding.fix.replace(step, pass);
    }
    findings.push_back(std::move(finding));
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
