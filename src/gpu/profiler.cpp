#include "gpu/profiler.h"

#include <algorithm>
#include <cstring>

namespace shoal::gpu {
namespace {
constexpr u32 kPassesPerSubmission = 64;
}

void Profiler::measure(Recorder& recorder, BeginComputePass& pass, u64 bytes) {
  if (!is_enabled_) return;
  if (open_.size() == kPassesPerSubmission) {
    ++unmeasured_;
    return;
  }
  if (query_set_ == 0) {
    query_set_ = recorder.new_id();
    recorder.say(CreateQuerySet{.query_set = query_set_,
                                .label = "profiler",
                                .type = QueryType::kTimestamp,
                                .count = 2 * kPassesPerSubmission});
    resolved_ = recorder.create_buffer("profiler", u64{16} * kPassesPerSubmission,
                                       BufferUsage::kQueryResolve | BufferUsage::kCopySrc);
  }
  pass.query_set = query_set_;
  pass.begin_query = static_cast<u32>(2 * open_.size());
  pass.end_query = pass.begin_query + 1;
  open_.push_back({std::string(pass.label), bytes});
}

void Profiler::before_submit(Recorder& recorder, ReadbackRing& readbacks, u32 encoder) {
  if (open_.empty()) return;
  const u32 queries = static_cast<u32>(2 * open_.size());
  recorder.say(ResolveQuerySet{.encoder = encoder,
                               .query_set = query_set_,
                               .first = 0,
                               .count = queries,
                               .target = resolved_,
                               .target_offset_bytes = 0});
  const Ticket ticket = readbacks.read(recorder, encoder, {resolved_, 0, u64{8} * queries});
  submitted_.push_back({.ticket = ticket, .passes = std::move(open_)});
  open_.clear();
}

void Profiler::on_execute(double now_ms) {
  for (Submission& submission : submitted_) {
    if (submission.is_executed) continue;
    submission.is_executed = true;
    submission.executed_ms = now_ms;
  }
}

void Profiler::collect(ReadbackRing& readbacks) {
  std::erase_if(submitted_, [&](const Submission& submission) {
    if (readbacks.has_failed(submission.ticket)) return true;
    const auto data = readbacks.take(submission.ticket);
    if (!data) return false;
    for (size_t i = 0; i < submission.passes.size(); ++i) {
      u64 ticks[2];
      std::memcpy(ticks, data->data() + 16 * i, sizeof ticks);
      const Measured& pass = submission.passes[i];
      auto time = std::ranges::find(times_, pass.label, &PassTime::label);
      if (time == times_.end()) time = times_.insert(time, PassTime{.label = pass.label});
      // Some drivers let the end of a short pass seem earlier than its begin.
      const double ms = ticks[1] > ticks[0] ? static_cast<double>(ticks[1] - ticks[0]) * period_ns_ / 1e6 : 0;
      time->ms += ms;
      ++time->passes;
      time->bytes += pass.bytes;
      if (keeps_runs_) {
        runs_.push_back({.label = pass.label,
                         .begin_ms = static_cast<double>(ticks[0]) * period_ns_ / 1e6,
                         .ms = ms,
                         .bytes = pass.bytes,
                         .submitted_ms = submission.executed_ms});
      }
    }
    return true;
  });
}

}  // namespace shoal::gpu
