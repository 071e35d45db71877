#include "review/analysis/map_waits.h"

#include <algorithm>

namespace shoal::review {
namespace {

// By submission: the first from it on that has work to do; libraries submit nothing to hear that work has ended.
std::vector<size_t> next_with_work(const std::vector<Submission>& submissions) {
  std::vector<size_t> next(submissions.size() + 1, submissions.size());
  for (size_t i = submissions.size(); i-- > 0;) next[i] = submissions[i].has_work ? i : next[i + 1];
  return next;
}

}  // namespace

std::vector<MapWait> map_waits(const TraceModel& model) {
  const auto& submissions = model.submissions();
  const std::vector<size_t> next = next_with_work(submissions);
  std::vector<u32> buffers;
  for (const auto& [buffer, accesses] : model.all_accesses()) buffers.push_back(buffer);
  std::ranges::sort(buffers);
  std::vector<MapWait> waits;
  for (const u32 buffer : buffers) {
    u32 writer = kNone;  // the submission that wrote it last
    for (const Access& access : model.accesses(buffer)) {
      const Step& said = model.steps()[access.step];
      if (said.opcode != gpu::MapAsync::kOpcode) {
        if (access.writes) writer = access.submission;
        continue;
      }
      const auto answer = model.map_answers().find(model.read<gpu::MapAsync>(access.step).ticket);
      if (answer == model.map_answers().end() || answer->second.step <= access.step) continue;
      MapWait& wait = waits.emplace_back();
      wait.step = access.step;
      wait.buffer = buffer;
      wait.answered_step = answer->second.step;
      wait.bytes = answer->second.bytes;
      if (writer >= submissions.size() || writer >= access.submission) continue;
      const size_t following = next[writer + 1];
      wait.stalls = following < submissions.size() && submissions[following].step >= answer->second.step;
      const u64 submitted_ns = model.steps()[submissions[writer].step].at_ns, answered_ns = answer->second.at_ns;
      wait.waited_ns = answered_ns > submitted_ns ? answered_ns - submitted_ns : 0;
      const FrameSpan& frame = model.frames()[said.frame];
      const u64 frame_ns = frame.end_ns - frame.begin_ns;
      wait.spared_ns = std::min(wait.waited_ns, frame_ns > wait.waited_ns ? frame_ns - wait.waited_ns : 0);
    }
  }
  return waits;
}

}  // namespace shoal::review
