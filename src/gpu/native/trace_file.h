// A trace read from a file into memory.
#pragma once

#include <string>
#include <vector>

#include "gpu/trace.h"

namespace shoal::gpu {

struct TraceFile {
  std::vector<std::byte> bytes;  // `trace` points into them
  Trace trace;
};

// Errors: those of read_trace; kNotFound, kIo, kInvalidArgument for a folder or a device.
Result<TraceFile> load_trace(const std::string& path);

}  // namespace shoal::gpu
