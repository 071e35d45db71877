// Says a trace's commands again, and holds what comes back to what was recorded.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "gpu/trace.h"
#include "review/trace_executor.h"

namespace shoal::review {

struct ReplayOptions {
  std::string adapter;  // of wgpu-native, as open_device takes it
  bool times_passes = true;
  u32 repetitions = 1;  // of the whole trace, each on devices of its own
};

// A pass of the trace. One without times has timestamps of its own or lies beyond what is timed.
struct PassTime {
  std::string label;
  bool draws = false;
  u32 device = 0, submission = 0, frame = 0;  // from 1
  std::vector<double> ms;                     // one a repetition
};

// What was read back otherwise than recorded.
struct Difference {
  u32 ticket = 0;
  std::string buffer;  // its label
  u64 at_bytes = 0;    // the first byte that differs
  u64 size_bytes = 0;  // recorded
  u64 differing_bytes = 0;
  std::string message{};  // why there are no bytes to compare; empty where there are
};

struct ReplayReport {
  std::string adapter;
  u32 devices = 0, frames = 0;
  u64 commands = 0, submissions = 0;
  u32 readbacks = 0, equal_readbacks = 0;
  u32 readbacks_of_times = 0;  // that hold timestamps, which are taken as they were recorded
  std::vector<Difference> differences;
  std::vector<std::string> errors;            // that the replay met, those recorded included
  std::vector<std::string> recorded_errors;   // that the program was told
  std::vector<std::string> missing_features;  // that a device had and this adapter has not
  std::vector<std::string> unsupported;       // what was recorded by name only
  std::vector<PassTime> passes;
  std::vector<double> host_ms;  // of each repetition, without opening its devices
  std::vector<double> cpu_ms;   // the same of this process's processor time, all threads
  bool is_software = false;     // the adapter: what it does is processor time
  std::vector<u64> answers;     // hashes of what the first repetition read back, in order
  std::string trace_damage;     // of Trace
};

// In this process, which a driver may end. Errors: those of open_device.
Result<ReplayReport> replay(const gpu::Trace& trace, const ReplayOptions& options);
// By others. Errors: theirs.
Result<ReplayReport> replay(const gpu::Trace& trace, const ReplayOptions& options,
                            const OpenExecutor& open_executor);

}  // namespace shoal::review
