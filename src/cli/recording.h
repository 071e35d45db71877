// What `record` and `review` share: running a program or a page under a recorder.
#pragma once

#include "review/record_page.h"
#include "review/record_program.h"

namespace shoal::cli {

// Runs the program with the recorder that is built beside this one. Errors: those of review::record_program.
Result<review::RecordReport> run_recorded(review::RecordOptions options);

// Opens the page with the recorder that is built with the explorer page. Errors: those of review::record_page.
Result<review::RecordReport> run_recorded(review::RecordPageOptions options);

// On stderr, since stdout is the recorded program's.
void show_recording(const review::RecordReport& report);

}  // namespace shoal::cli
