#include "gpu/native/trace_watch.h"

#include <utility>

namespace shoal::gpu {
namespace {

std::function<std::string()>& watcher() {
  static std::function<std::string()> next_path;
  return next_path;
}

}  // namespace

void watch_devices(std::function<std::string()> next_path) { watcher() = std::move(next_path); }

std::string next_watched_trace() { return watcher() ? watcher()() : std::string(); }

}  // namespace shoal::gpu
