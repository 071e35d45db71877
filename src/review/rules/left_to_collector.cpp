// Large buffers and textures that are dropped and not destroyed.
#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastBytes = 1 << 20;  // of one, and of what waits
constexpr u32 kLeastTimes = 4;
constexpr u32 kLateFrames = 3;
constexpr u32 kNearSteps = 8;  // what is released together stands so near

struct Dropped {
  u32 object = 0, last_use = 0, released = 0;
  u64 bytes = 0;
};

// The most that was unused and not given back at a time.
u64 most_waiting(const std::vector<Dropped>& dropped) {
  std::vector<std::pair<u32, i64>> changes;
  for (const Dropped& one : dropped) {
    changes.push_back({one.last_use, static_cast<i64>(one.bytes)});
    changes.push_back({one.released, -static_cast<i64>(one.bytes)});
  }
  std::ranges::sort(changes);
  i64 now = 0, most = 0;
  for (const auto& [step, bytes] : changes) most = std::max(most, now += bytes);
  return static_cast<u64>(most);
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  if (model.submissions().empty()) return;
  const u32 end = model.submissions().back().step;
  std::map<std::tuple<std::string_view, u32, ObjectKind>, std::vector<Dropped>> groups;
  std::unordered_map<u32, bool> by_collector;
  model.for_each<Release>(
      [&](u32, const Step&, const Release& command) { by_collector[command.object] = command.by_collector != 0; });
  for (const auto& [id, object] : model.objects()) {
    const bool is_memory = object.kind == ObjectKind::kBuffer || object.kind == ObjectKind::kTexture;
    if (!is_memory || object.is_canvas_s || object.size_bytes < kLeastBytes) continue;
    // A program that ends gives all back: that is behind its last submission.
    if (object.destroyed != kNone || object.released == kNone || object.released > end) continue;
    u32 last_use = object.made;
    for (const Access& access : model.accesses(id)) {
      last_use = std::max(last_use, access.step);
      if (access.submission < model.submissions().size()) {
        last_use = std::max(last_use, std::min(model.submissions()[access.submission].step, object.released));
      }
    }
    groups[{object.label, model.steps()[object.made].stack, object.kind}].push_back(
        {id, last_use, object.released, object.size_bytes});
  }
  for (auto& [key, dropped] : groups) {
    std::ranges::sort(dropped, {}, &Dropped::released);
    std::vector<Dropped> late;
    for (size_t i = 0; i < dropped.size(); ++i) {
      const Dropped& one = dropped[i];
      const u32 frames = model.steps()[one.released].frame -
                         std::min(model.steps()[one.last_use].frame, model.steps()[one.released].frame);
      // A collector gives many back at a time; a program that drops what it keeps longest does so one by one.
      const bool is_near = (i > 0 && one.released - dropped[i - 1].released <= kNearSteps * 4) ||
                           (i + 1 < dropped.size() && dropped[i + 1].released - one.released <= kNearSteps * 4);
      if (by_collector[one.object] || (frames >= kLateFrames && is_near)) late.push_back(one);
    }
    const u64 waiting = most_waiting(late);
    if (late.size() < kLeastTimes || waiting < 2 * kLeastBytes) continue;
    const Dropped& first = late.front();
    findings.push_back(
        {.what = fmt::format("{} like {} are dropped and never destroyed; until a collector gave them back, {} lay "
                             "unused at a time.",
                             late.size(), model.name(first.object), format_bytes(waiting)),
         .todo = "Call destroy() where it is dropped: it frees the memory as soon as the GPU is done with it.",
         .step = model.object(first.object)->made,
         .object = model.name(first.object),
         .claims = {},
         .saved_bytes = waiting});
  }
}

}  // namespace

const Rule kLeftToCollector = {
    .name = "left-to-collector",
    .title = "Leaves large resources to the garbage collector",
    .why =
        "A collector sees an object of a few bytes and is in no hurry; that megabytes of the GPU hang on it, it "
        "does "
        "not know. Until it runs they are taken, and then many are given back within one frame.",
    .before = "this.photo = await load(name); // the photo before is garbage now",
    .after = "this.photo?.texture.destroy();\nthis.photo = await load(name);",
    .when_not =
        "Where the program holds it as long as it may need it again. Reported is what the collector took, or what "
        "was "
        "given back some frames behind its last use, many at a time, from 1 MB on.",
    .find = find,
};

}  // namespace shoal::review
