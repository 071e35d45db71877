// What `shoal trace print FILE` says.
#pragma once

#include <string>

#include "base/result.h"

namespace shoal::gpu {

// The text of the trace in a file, or with `json` one JSON array. A trace that is cut off is printed as far as it
// is whole, and says so at its end. Errors: those of load_trace.
Result<std::string> print_trace(const std::string& path, bool json);

}  // namespace shoal::gpu
