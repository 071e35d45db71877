// Memory that grows from frame to frame.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr size_t kLeastFrames = 12;
constexpr u64 kLeastBytes = 256 * 1024;

struct Group {
  u32 kept = 0, ended = 0, first_step = kNone, object = 0, frames = 0, last_frame = kNone, at_start = 0;
  u64 bytes = 0;
};

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  const size_t frames = model.frames().size();
  if (frames < kLeastFrames || model.submissions().empty()) return;
  // Programs load in their first frames: what they still make in the second half of the trace goes on.
  std::map<std::pair<std::string_view, u32>, Group> groups;
  model.for_each<CreateBuffer, CreateTexture>([&]<class C>(u32 step, const Step& said, const C& command) {
    u32 id = 0;
    if constexpr (std::is_same_v<C, CreateBuffer>) id = command.buffer;
    if constexpr (std::is_same_v<C, CreateTexture>) id = command.texture;
    const Object* object = model.object(id);
    if (object == nullptr || said.frame < frames / 2) return;
    Group& group = groups[{object->label, static_cast<u32>(object->kind)}];
    // A program that ends gives all back: that is behind its last submission.
    if (std::min(object->destroyed, object->released) < model.submissions().back().step) {
      ++group.ended;
      return;
    }
    ++group.kept;
    group.bytes += object->size_bytes;
    if (group.first_step == kNone) group.first_step = step, group.object = id;
    if (group.last_frame != said.frame) ++group.frames;
    group.last_frame = said.frame;
  });
  for (auto& [key, group] : groups) {
    const size_t half = frames - frames / 2;
    if (group.bytes < kLeastBytes || 4 * group.frames < 3 * half || group.ended > 0) continue;
    findings.push_back(
        {.what = fmt::format("{} of the second half's {} frames make one like {} and keep it: {} more at the "
                             "end, {} a frame.",
                             group.frames, half, model.name(group.object), format_bytes(group.bytes),
                             format_bytes(group.bytes / half)),
         .todo = "Give back what is not shown any more: destroy() frees it at once, a collector some time.",
         .step = group.first_step,
         .object = model.name(group.object),
         .claims = {},
         .saved_bytes = group.bytes});
  }
}

}  // namespace

const Rule kMemoryGrowing = {
    .name = "memory-growing",
    .title = "Takes more memory with every frame",
    .why =
        "Memory of a GPU that runs out ends in a lost device, or in resources that the driver moves to the host "
        "and back.",
    .before = "tiles.set(key, makeTile(key));",
    .after = "tiles.set(key, makeTile(key));\nif (tiles.size > most) oldest(tiles).texture.destroy();",
    .when_not = "Where a program fills a cache of a fixed size: record until it is full.",
    .find = find,
};

}  // namespace shoal::review
