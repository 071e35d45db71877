// Where a command's time went: spans of the host, passes of the GPU, and what the adapter can do at best.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gpu/native/roofs.h"
#include "gpu/profiler.h"

namespace shoal::engine {

// Something that the host did, on a track of its own for whatever runs beside other things.
struct Span {
  std::string track, name;
  double begin_ms = 0;  // by gpu::steady_ms
  double ms = 0;
};

struct Profile {
  std::string adapter;
  std::vector<gpu::PassTime> passes;  // by label, what took longest first
  u32 unmeasured = 0;                 // passes that found no timestamps left
  std::string no_passes;              // a sentence why none was measured; empty when some were
  std::optional<gpu::Roofs> roofs;
  std::string no_roofs;            // a sentence why there are none, though passes were measured
  std::vector<Span> spans;         // only where a timeline was asked for
  std::vector<gpu::PassRun> runs;  // likewise
};

// Bytes a second of a pass, and its share of the read roof; 0 where nothing was measured.
double bytes_per_s(const gpu::PassTime& pass);
double share_of_read_roof(const Profile& profile, const gpu::PassTime& pass);

// What turns the GPU's clock into the host's: the smallest shift with which no pass begins before it was submitted.
double gpu_clock_shift_ms(const std::vector<gpu::PassRun>& runs);

// The timeline as JSON trace events ("Trace Event Format", Google 2016), which chrome://tracing and Perfetto open:
// a track for the host's stages, one for each decoder, one for the GPU; microseconds from the first event.
std::string chrome_trace(const Profile& profile);

}  // namespace shoal::engine
