// What `shoal record -o FILE -- COMMAND` does.
#pragma once

#include <string>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::review {

struct RecordOptions {
  std::string out;                   // the trace
  std::string recorder;              // libshoal_record.so
  std::string library;               // the program's wgpu-native, where it opens it by a path; empty: found
  std::vector<std::string> command;  // the program and its arguments
};

struct RecordReport {
  int exit_code = 0;   // of the program
  int signal = 0;      // that ended it; 0: none did
  double host_ms = 0;  // from its start to its end
  u64 commands = 0, submissions = 0, frames = 0;
  u64 trace_bytes = 0;
  std::vector<std::string> traces;       // OUT, and OUT.PID for each further process that used WebGPU
  std::vector<std::string> unrecorded;   // functions that were called and are not recorded
  std::vector<std::string> unsupported;  // what was recorded by name only
};

// Runs the program with the recorder before its wgpu-native, and leaves a whole trace however it ended. Errors:
// kNotFound where the program or the recorder is not there, or used no WebGPU; kIo.
Result<RecordReport> record_program(const RecordOptions& options);

// {exit_code, signal, host_ms, commands, submissions, frames, trace_bytes, traces, unrecorded, unsupported}
std::string record_json(const RecordReport& report);

}  // namespace shoal::review
