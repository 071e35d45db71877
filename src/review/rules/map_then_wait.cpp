// The host waits for what it has just submitted, again and again.
#include <map>

#include "base/text.h"
#include "review/analysis/map_waits.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 8;

struct Group {
  u32 waits = 0, stalls = 0, first_step = kNone;
  u64 waited_ns = 0;
  std::vector<Claim> claims;
};

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, Group> groups;
  for (const MapWait& wait : map_waits(model)) {
    Group& group = groups[wait.buffer];
    ++group.waits;
    if (!wait.stalls) continue;
    ++group.stalls;
    if (group.first_step == kNone) group.first_step = wait.step;
    group.waited_ns += wait.waited_ns;
    group.claims.push_back({wait.step, wait.spared_ns});
  }
  for (auto& [buffer, group] : groups) {
    if (group.stalls < kLeastTimes || 2 * group.stalls < group.waits) continue;
    findings.push_back(
        {.what = fmt::format(
             "{} is mapped right behind the submission that fills it, and nothing else is submitted until "
             "its bytes are there: {} times, {:.2f} ms on the average.",
             model.name(buffer), group.stalls, static_cast<double>(group.waited_ns) / group.stalls / 1e6),
         .todo = "Read back through a ring of two or three buffers: map the one of two frames ago.",
         .step = group.first_step,
         .object = model.name(buffer),
         .claims = std::move(group.claims)});
  }
}

}  // namespace

const Rule kMapThenWait = {
    .name = "map-then-wait",
    .title = "Waits for the GPU in every frame",
    .why =
        "While the host waits the GPU finishes, and while the host then encodes the GPU has nothing to do. Where a "
        "frame "
        "is encoded while the one before runs, it takes as long as the longer of the two instead of both.",
    .before =
        "queue.submit([encoder.finish()]);\nawait out.mapAsync(GPUMapMode.READ);\nshow(out.getMappedRange());",
    .after =
        "queue.submit([encoder.finish()]);\nconst ready = ring[(frame + 1) % 3]; // of two frames "
        "ago\nready.mapped.then(() "
        "=> show(ready));",
    .when_not =
        "Where the next frame cannot be encoded without the answer. If the GPU could take the decision instead, an "
        "indirect draw or dispatch needs no answer. Fewer than 8 times are not reported.",
    .find = find,
};

}  // namespace shoal::review
