// What happened when: frames, what the host did, what the queue was given, what the GPU did; as spans that can be
// drawn.
#pragma once

#include <string>
#include <vector>

#include "review/analysis/passes.h"
#include "review/measure_passes.h"

namespace shoal::review {

enum class Lane { kFrames, kHost, kQueue, kGpu };
constexpr size_t kLaneCount = 4;
std::string_view lane_name(Lane lane);

// What a span is, of all lanes.
enum class SpanKind { kFrame, kUpload, kMake, kEncode, kSubmit, kWait, kMap, kCompute, kRender };
constexpr size_t kSpanKindCount = 9;
std::string_view kind_name(SpanKind kind);
// Which part of a frame a call belongs to.
SpanKind kind_of_call(u32 opcode);

struct Span {
  Lane lane = Lane::kHost;
  SpanKind kind = SpanKind::kEncode;
  double begin_ms = 0, ms = 0;  // since the first command
  u32 count = 1;                // of calls or passes that are drawn as one
  std::string name{};
};

struct Timeline {
  double span_ms = 0;
  std::vector<Span> spans{};  // lane by lane, each in the order of time
  bool has_gpu = false;
};

// Spans of a lane that lie closer together than can be seen are one, so that there are at most some thousands. A
// pass lies behind its submission and behind the passes before it, for as long as the replay took: the trace does
// not say when the GPU began. `measured` may be null.
Timeline timeline_of(const TraceModel& model, const std::vector<Pass>& passes, const MeasuredPasses* measured);

// Where the time went, in letters and blocks, for a terminal: between two times, in so many columns.
std::string timeline_text(const Timeline& timeline, double from_ms, double to_ms, size_t columns = 72);

}  // namespace shoal::review
