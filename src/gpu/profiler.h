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

class Profiler {
 public:
  // `is_enabled`: the device has timestamps and somebody wants them.
  Profiler(bool is_enabled, double timestamp_period_ns)
      : is_enabled_(is_enabled), period_ns_(timestamp_period_ns) {}

  // Gives `pass` its two queries where there are some left in this submission.
  void measure(Recorder& recorder, BeginComputePass& pass, u64 bytes);
  // Records the read of all queries since the last submission.
  void before_submit(Recorder& recorder, ReadbackRing& readbacks, u32 encoder);
  // Takes what has come back.
  void collect(ReadbackRing& readbacks);

  bool is_enabled() const { return is_enabled_; }
  const std::vector<PassTime>& times() const { return times_; }
  void reset() { times_.clear(); }

 private:
  struct Measured {
    std::string label;
    u64 bytes = 0;
  };
  struct Submission {
    Ticket ticket = 0;
    std::vector<Measured> passes;
  };

  bool is_enabled_;
  double period_ns_;
  u32 query_set_ = 0, resolved_ = 0;  // the set, and the buffer it is resolved into
  std::vector<Measured> open_;
  std::vector<Submission> submitted_;
  std::vector<PassTime> times_;
};

}  // namespace shoal::gpu
