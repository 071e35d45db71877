// Traces carried out by wgpu-native.
#pragma once

#include <string>

#include "review/trace_executor.h"

namespace shoal::review {

// Opens devices of that adapter (open_device says how it is named), in this process, which a driver may end.
// Errors: those of open_device.
OpenExecutor native_executors(std::string adapter);

}  // namespace shoal::review
