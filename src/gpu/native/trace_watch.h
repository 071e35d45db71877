// For tests: every device that is opened from now on leaves a trace.
#pragma once

#include <functional>
#include <string>

namespace shoal::gpu {

// `next_path` says where the next device's trace goes. Not for several threads.
void watch_devices(std::function<std::string()> next_path);
// Where the device that is being opened leaves its trace; empty where nobody watches.
std::string next_watched_trace();

}  // namespace shoal::gpu
