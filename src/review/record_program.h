// What `shoal record -o FILE -- COMMAND` does.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "review/recorded_trace.h"

namespace shoal::review {

struct RecordOptions {
  std::string out;                   // the trace
  std::string recorder;              // libshoal_record.so
  std::string library;               // the program's wgpu-native, where it opens it by a path; empty: found
  std::vector<std::string> command;  // the program and its arguments
};

// Runs the program with the recorder before its wgpu-native, and leaves a whole trace however it ended. Errors:
// kNotFound where the program or the recorder is not there, or used no WebGPU; kIo.
Result<RecordReport> record_program(const RecordOptions& options);

}  // namespace shoal::review
