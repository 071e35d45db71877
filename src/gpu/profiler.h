// GPU time of each labelled pass, from timestamps written at its ends.
#pragma once

#include <string>
#include <vector>

#include "gpu/readback_ring.h"

namespace shoal::gpu {

struct PassTime {
  std::string label;
  double ms = 0;  // all passes of that label since reset
  u32 passes = 0;
  u64 bytes = 0;  // that they had to move
};

// One pass, by the GPU's clock: its zero lies anywhere.
struct PassRun {
  std::string label;
  double begin_ms = 0;
  double ms = 0;
  u64 bytes = 0;
  double submitted_ms = 0;  // by the clock of whoever calls Profiler::on_execute
};

class Profiler {
 public:
  // `is_enabled`: the device has timestamps and somebody wants them.
  Profiler(bool is_enabled, double timestamp_period_ns)
      : is_enabled_(is_enabled), period_ns_(timestamp_period_ns) {}

  // Also keeps every pass by itself, for a timeline: they add up, so only where somebody asked.
  void keep_runs() { keeps_runs_ = is_enabled_; }

  // Gives `pass` its two queries where there are some left in this submission.
  void measure(Recorder& recorder, BeginComputePass& pass, u64 bytes);
  // Records the read of all queries since the last submission.
  void before_submit(Recorder& recorder, ReadbackRing& readbacks, u32 encoder);
  // What was recorded up to here is handed to the executor at this time, by a clock of the caller's.
  void on_execute(double now_ms);
  // Takes what has come back.
  void collect(ReadbackRing& readbacks);

  bool is_enabled() const { return is_enabled_; }
  const std::vector<PassTime>& times() const { return times_; }
  const std::vector<PassRun>& runs() const { return runs_; }
  // Passes since the start that were not measured: a submission has a limit to its timestamps.
  u32 unmeasured() const { return unmeasured_; }
  // Measurements are on their way back.
  bool is_waiting() const { return !submitted_.empty(); }
  void reset() { times_.clear(); }

 private:
  struct Measured {
    std::string label;
    u64 bytes = 0;
  };
  struct Submission {
    Ticket ticket = 0;
    std::vector<Measured> passes;
    double executed_ms = 0;
    bool is_executed = false;
  };

  bool is_enabled_;
  bool keeps_runs_ = false;
  u32 unmeasured_ = 0;
  double period_ns_;
  u32 query_set_ = 0, resolved_ = 0;  // the set, and the buffer it is resolved into
  std::vector<Measured> open_;
  std::vector<Submission> submitted_;
  std::vector<PassTime> times_;
  std::vector<PassRun> runs_;
};

}  // namespace shoal::gpu
