// Who carries a trace's commands out: wgpu-native in this process (native_executor.h), or a page
// (browser/page_executor.h).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "gpu/trace.h"

namespace shoal::review {

// A device, and what a trace made on it.
class TraceExecutor {
 public:
  virtual ~TraceExecutor() = default;
  // Errors: kCorrupt for a stream that is not one, kDevice where nothing more can be carried out.
  virtual Result<void> execute(std::span<const u32> words) = 0;
  // Events since the last call, encoded as the schema says. `waits`: blocks until there is one, when anything is
  // under way that could produce it. Errors: kDevice as above.
  virtual Result<std::vector<u32>> poll(bool waits) = 0;
};

struct OpenedExecutor {
  std::unique_ptr<TraceExecutor> executor;
  std::string adapter;
  bool is_software = false;
  bool has_timestamps = false;
  double timestamp_period_ns = 1;
  std::vector<std::string> missing_features;  // of those asked for
};

// A new device with all that the adapter has of `features` (webgpu.h's names), which knows the trace's blobs; the
// trace outlives it.
using OpenExecutor =
    std::function<Result<OpenedExecutor>(const gpu::Trace& trace, const std::vector<std::string>& features)>;

}  // namespace shoal::review
