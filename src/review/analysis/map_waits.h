// The maps for reading that were answered: what came back, and how long the host had nothing else for the GPU.
#pragma once

#include <span>
#include <vector>

#include "review/analysis/trace_model.h"

namespace shoal::review {

struct MapWait {
  u32 step = 0;  // of its map_async
  u32 buffer = 0;
  u32 answered_step = 0;  // the first behind the answer
  // Between the submission that filled the buffer and the answer none has work to do, and one has later: the GPU
  // idles.
  bool stalls = false;
  u64 waited_ns = 0;  // from that submission to the answer
  // Of that, what two frames in flight spare: they take as long as the longer of host and GPU, instead of both.
  u64 spared_ns = 0;
  std::span<const std::byte> bytes;
};

// By buffer, then in the order of the GPU.
std::vector<MapWait> map_waits(const TraceModel& model);

}  // namespace shoal::review
