// What `shoal record URL` does: a page in a Chromium of its own, recorded from its first line on.
#pragma once

#include <string>

#include "base/int.h"
#include "base/result.h"
#include "review/recorded_trace.h"

namespace shoal::review {

struct RecordPageOptions {
  std::string out;       // the trace
  std::string url;       // as page_url gives it
  std::string recorder;  // record.js, as ./dev web builds it
  u32 frames = 120;      // after which it ends
  double seconds = 30;   // the same, whatever was recorded
};

// The address that a word of the command line means: http:, https: and file: as they are, and the path of an .html
// file that is there. Empty for what is neither.
std::string page_url(const std::string& word);

// Opens the page in a browser, lets it run with its frames, workers and iframes recorded, and leaves a whole trace
// of each of its threads that used WebGPU. `ending` of the report says what the page did instead of going on.
// Errors: kNotFound where there is no browser, recorder or page, kUnsupported where the page used no WebGPU, kIo.
Result<RecordReport> record_page(const RecordPageOptions& options);

}  // namespace shoal::review
