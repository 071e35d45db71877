// Buffers and textures that are made and destroyed again and again.
#include <map>
#include <tuple>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastFrames = 4;

struct Group {
  u32 made = 0, ended = 0, first_step = kNone, last_frame = kNone, frames = 0;
  u32 object = 0;
  std::vector<Claim> claims;
};

// " for copy_src and map_write": what tells two without a label apart.
std::string purpose_of(const Object& object) {
  std::string text;
  for (const auto& [flag, name] : names_of(object.usage).names) {
    if ((static_cast<u32>(object.usage) & flag) != 0)
      text += fmt::format("{}{}", text.empty() ? " for " : " and ", name);
  }
  return text;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  if (model.frames().size() < kLeastFrames) return;
  // What is made from the same place, under the same label, of the same size and sort.
  using Key = std::tuple<std::string_view, u32, ObjectKind, u64, u32>;
  std::map<Key, Group> groups;
  model.for_each<CreateBuffer, CreateTexture>([&]<class C>(u32 step, const Step& said, const C& command) {
    u32 id = 0;
    if constexpr (std::is_same_v<C, CreateBuffer>) id = command.buffer;
    if constexpr (std::is_same_v<C, CreateTexture>) id = command.texture;
    const Object* object = model.object(id);
    if (object == nullptr || said.frame == 0) return;  // at the start, things are made
    Group& group =
        groups[{object->label, said.stack, object->kind, object->size_bytes, static_cast<u32>(object->usage)}];
    ++group.made;
    if (group.first_step == kNone) group.first_step = step, group.object = id;
    if (group.last_frame != said.frame) ++group.frames;
    group.last_frame = said.frame;
    group.claims.push_back({step, said.duration_ns});
    const u32 end = std::min(object->destroyed, object->released);
    // It ends within a frame or the next: it is not a cache whose entries come and go.
    if (end == kNone || model.steps()[end].frame > said.frame + 1) return;
    ++group.ended;
    group.claims.push_back({end, model.steps()[end].duration_ns});
  });
  for (auto& [key, group] : groups) {
    if (group.frames < kLeastFrames || 2 * group.frames < model.frames().size() ||
        10 * group.ended < 9 * group.made) {
      continue;
    }
    const Object& object = *model.object(group.object);
    findings.push_back(
        {.what = fmt::format("{} of {}{} is made and ended {} times in {} frames, always of the same size.",
                             model.name(group.object), format_bytes(object.size_bytes), purpose_of(object),
                             group.made, group.frames),
         .todo = "Keep it, and make another only when more is needed.",
         .step = group.first_step,
         .object = model.name(group.object),
         .claims = std::move(group.claims)});
  }
}

}  // namespace

const Rule kCreateDestroyChurn = {
    .name = "create-destroy-churn",
    .title = "Makes and destroys the same resource in every frame",
    .why =
        "Memory is found, reserved and cleared for each new buffer or texture, and given back when its last "
        "submission "
        "has finished, so two or three of them are alive at a time. What binds them must be made anew as well.",
    .before =
        "const trail = device.createBuffer({size, usage});\nqueue.writeBuffer(trail, 0, "
        "points);\n...\ntrail.destroy();",
    .after =
        "if (points.byteLength > trail.size) trail = grow(trail, points.byteLength);\nqueue.writeBuffer(trail, 0, "
        "points);",
    .when_not =
        "Where it is needed in a few frames only: it is reported where at least every second frame makes one.",
    .find = find,
};

}  // namespace shoal::review
