// What `record`, `review` and `profile` share: running a program or a page under a recorder.
#pragma once

#include "gpu/native/trace_file.h"
#include "review/record_page.h"
#include "review/record_program.h"

namespace shoal::cli {

// Runs the program with the recorder that is built beside this one. Errors: those of review::record_program.
Result<review::RecordReport> run_recorded(review::RecordOptions options);

// Opens the page with the recorder that is built with the explorer page. Errors: those of review::record_page.
Result<review::RecordReport> run_recorded(review::RecordPageOptions options);

// The trace that is named, or one of a run of the program or page that is: a file that may be run is a program, and
// so is what has arguments; an address is a page. Errors: those of load_trace and run_recorded; kUnsupported where
// several traces were left.
Result<gpu::TraceFile> load_or_record(const std::vector<std::string>& words);

// On stderr, since stdout is the recorded program's.
void show_recording(const review::RecordReport& report);

}  // namespace shoal::cli
