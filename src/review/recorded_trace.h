// What recording leaves: traces that are whole however their programs ended, and what is in them.
#pragma once

#include <string>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::review {

struct RecordReport {
  int exit_code = 0;   // of the program
  int signal = 0;      // that ended it; 0: none did
  double host_ms = 0;  // from its start to its end
  u64 commands = 0, submissions = 0, frames = 0;
  u64 trace_bytes = 0;
  std::vector<std::string> traces;       // OUT, and one more for each further process or thread that used WebGPU
  std::string ending;                    // what is to be said of the end; empty: as was asked for
  std::vector<std::string> unrecorded;   // functions that were called and are not recorded
  std::vector<std::string> unsupported;  // what was recorded by name only
};

// Errors: kIo where the folder of that file is not there.
Result<void> check_folder_of(const std::string& file);

// Ends the trace in `recorded` behind its last whole record, notes how the program ended, adds what it holds to the
// report, and gives it its name. Errors: kIo, and those of gpu::load_trace.
Result<void> finish_trace(const std::string& recorded, const std::string& name, RecordReport& report);

// {exit_code, signal, host_ms, commands, submissions, frames, trace_bytes, traces, unrecorded, unsupported, ending}
std::string record_json(const RecordReport& report);

}  // namespace shoal::review
