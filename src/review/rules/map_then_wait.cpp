// The host waits for what it has just submitted, again and again.
#include <algorithm>
#include <map>

#include "base/text.h"
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

// By submission: the first from it on that has work to do; libraries submit nothing to hear that work has ended.
std::vector<size_t> next_with_work(const std::vector<Submission>& submissions) {
  std::vector<size_t> next(submissions.size() + 1, submissions.size());
  for (size_t i = submissions.size(); i-- > 0;) next[i] = submissions[i].has_work ? i : next[i + 1];
  return next;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  const auto& submissions = model.submissions();
  const std::vector<size_t> next = next_with_work(submissions);
  std::map<u32, Group> groups;
  for (const auto& [buffer, accesses] : model.all_accesses()) {
    u32 writer = kNone;  // the submission that wrote it last
    for (const Access& access : accesses) {
      const Step& said = model.steps()[access.step];
      if (said.opcode != MapAsync::kOpcode) {
        if (access.writes) writer = access.submission;
        continue;
      }
      const auto answer = model.map_answers().find(model.read<MapAsync>(access.step).ticket);
      if (answer == model.map_answers().end() || answer->second.step <= access.step) continue;
      Group& group = groups[buffer];
      ++group.waits;
      if (writer >= submissions.size() || writer >= access.submission) continue;
      // Between the submission that wrote it and the answer none has work to do, and one has later: else nothing
      // idles.
      const size_t following = next[writer + 1];
      if (following == submissions.size() || submissions[following].step < answer->second.step) continue;
      ++group.stalls;
      if (group.first_step == kNone) group.first_step = access.step;
      const u64 submitted_ns = model.steps()[submissions[writer].step].at_ns, answered_ns = answer->second.at_ns;
      const u64 waited_ns = answered_ns > submitted_ns ? answered_ns - submitted_ns : 0;
      group.waited_ns += waited_ns;
      // Two frames in flight take as long as the longer of host and GPU, instead of both.
      const FrameSpan& frame = model.frames()[said.frame];
      const u64 frame_ns = frame.end_ns - frame.begin_ns;
      group.claims.push_back({access.step, std::min(waited_ns, frame_ns > waited_ns ? frame_ns - waited_ns : 0)});
    }
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
