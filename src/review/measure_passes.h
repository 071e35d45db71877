// How long each pass of a trace takes here: replayed some times in a process of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gpu/native/roofs.h"
#include "gpu/trace.h"

namespace shoal::review {

struct MeasureOptions {
  std::string adapter{};     // as open_device takes it
  u32 repetitions = 5;       // of the whole trace
  u32 timeout_s = 300;       // for all of it
  std::string roofs_file{};  // where what was measured of adapters is kept
};

// Of one pass, in ms; all are below 0 where it has no times of ours.
struct MeasuredPass {
  double ms = -1, low_ms = -1, high_ms = -1;  // median, least, most
  bool is_timed() const { return ms >= 0; }
};

struct MeasuredPasses {
  std::string adapter{};
  std::optional<gpu::Roofs> roofs{};   // of the same adapter
  std::vector<MeasuredPass> passes{};  // in the order in which they begin
  u32 readbacks = 0, equal_readbacks = 0;
};

// Call it before this process has a device or a thread: the child is a fork. Errors: those of replay; kDevice where
// the child died or did not end in time.
Result<MeasuredPasses> measure_passes(const gpu::Trace& trace, const MeasureOptions& options);

}  // namespace shoal::review
