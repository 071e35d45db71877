#include "review/timeline.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr size_t kMostSpans = 4000;  // of a lane

class TimelineBuilder {
 public:
  explicit TimelineBuilder(const TraceModel& model)
      : model_(model), begin_ns_(model.frames().empty() ? 0 : model.frames().front().begin_ns) {
    timeline_.span_ms = model.span_ms();
  }

  Timeline run(const std::vector<Pass>& passes, const MeasuredPasses* measured) {
    add_frames();
    end_lane();
    add_calls();
    end_lane();
    add_submissions_and_maps();
    end_lane();
    if (measured != nullptr) add_passes(passes, *measured);
    end_lane();
    return std::move(timeline_);
  }

 private:
  double ms_at(u64 at_ns) const { return at_ns > begin_ns_ ? static_cast<double>(at_ns - begin_ns_) / 1e6 : 0; }

  void add(Lane lane, SpanKind kind, double begin_ms, double ms, std::string name) {
    lane_.push_back({.lane = lane, .kind = kind, .begin_ms = begin_ms, .ms = ms, .name = std::move(name)});
  }

  void add_frames() {
    for (u32 i = 0; i < model_.frames().size(); ++i) {
      const FrameSpan& frame = model_.frames()[i];
      add(Lane::kFrames, SpanKind::kFrame, ms_at(frame.begin_ns), ms_at(frame.end_ns) - ms_at(frame.begin_ns),
          fmt::format("frame {}", i + 1));
    }
  }

  // Millions of calls do not become spans before they are put together.
  void add_calls() {
    const double finest_ms = timeline_.span_ms / static_cast<double>(4 * kMostSpans);
    for (const Step& step : model_.steps()) {
      if (step.duration_ns == 0) continue;
      const SpanKind kind = kind_of_call(step.opcode);
      const double begin_ms = ms_at(step.at_ns), ms = static_cast<double>(step.duration_ns) / 1e6;
      if (!lane_.empty()) {
        Span& last = lane_.back();
        if (last.kind == kind && begin_ms - (last.begin_ms + last.ms) < finest_ms) {
          last.ms = std::max(last.ms, begin_ms + ms - last.begin_ms);
          ++last.count;
          continue;
        }
      }
      add(Lane::kHost, kind, begin_ms, ms, std::string(kind_name(kind)));
    }
  }

  void add_submissions_and_maps() {
    for (const Submission& submission : model_.submissions()) {
      if (!submission.has_work) continue;
      const Step& step = model_.steps()[submission.step];
      add(Lane::kQueue, SpanKind::kSubmit, ms_at(step.at_ns), static_cast<double>(step.duration_ns) / 1e6,
          "submission");
    }
    model_.for_each<MapAsync, MapAsyncWrite>([this](u32, const Step& step, const auto& command) {
      const auto answer = model_.map_answers().find(command.ticket);
      if (answer == model_.map_answers().end()) return;
      const double begin_ms = ms_at(step.at_ns);
      add(Lane::kQueue, SpanKind::kMap, begin_ms, std::max(0.0, ms_at(answer->second.at_ns) - begin_ms),
          "map of " + model_.name(command.buffer));
    });
    std::ranges::sort(lane_, {}, [](const Span& span) { return std::pair(span.begin_ms, span.ms); });
  }

  void add_passes(const std::vector<Pass>& passes, const MeasuredPasses& measured) {
    std::vector<u32> order;  // that were submitted, in the order of the queue
    for (u32 i = 0; i < passes.size() && i < measured.passes.size(); ++i) {
      if (passes[i].submit_step != kNone && measured.passes[i].is_timed()) order.push_back(i);
    }
    std::ranges::sort(order, {}, [&](u32 i) { return std::pair(passes[i].submit_step, i); });
    double free_ms = 0;
    for (const u32 i : order) {
      const Step& submit = model_.steps()[passes[i].submit_step];
      const double begin_ms = std::max(free_ms, ms_at(submit.at_ns + submit.duration_ns));
      const double ms = measured.passes[i].ms;
      add(Lane::kGpu, passes[i].draws ? SpanKind::kRender : SpanKind::kCompute, begin_ms, ms,
          passes[i].label.empty() ? "a pass without a label" : passes[i].label.substr(0, 60));
      free_ms = begin_ms + ms;
    }
    timeline_.has_gpu = !order.empty();
    timeline_.span_ms = std::max(timeline_.span_ms, free_ms);
  }

  // Puts together what lies closest until it is few enough.
  void end_lane() {
    for (double gap_ms = std::max(timeline_.span_ms / static_cast<double>(2 * kMostSpans), 1e-6);
         lane_.size() > kMostSpans; gap_ms *= 2) {
      std::vector<Span> merged;
      for (Span& span : lane_) {
        // A long one is itself.
        if (!merged.empty() && merged.back().ms + span.ms < 2 * gap_ms &&
            span.begin_ms - merged.back().begin_ms - merged.back().ms < gap_ms) {
          Span& last = merged.back();
          if (span.ms > last.ms) last.kind = span.kind;
          last.ms = std::max(last.ms, span.begin_ms + span.ms - last.begin_ms);
          last.count += span.count;
          continue;
        }
        merged.push_back(std::move(span));
      }
      lane_ = std::move(merged);
      if (gap_ms > timeline_.span_ms) break;
    }
    if (lane_.size() > kMostSpans) lane_.resize(kMostSpans);
    for (Span& span : lane_) timeline_.spans.push_back(std::move(span));
    lane_.clear();
  }

  const TraceModel& model_;
  u64 begin_ns_;
  std::vector<Span> lane_;
  Timeline timeline_;
};

}  // namespace

std::string_view lane_name(Lane lane) {
  constexpr std::string_view kNames[] = {"frames", "host", "queue", "GPU"};
  return kNames[static_cast<size_t>(lane)];
}

std::string_view kind_name(SpanKind kind) {
  constexpr std::string_view kNames[] = {"frame",   "uploads", "making objects", "encoding",   "submitting",
                                         "waiting", "map",     "compute pass",   "render pass"};
  return kNames[static_cast<size_t>(kind)];
}

SpanKind kind_of_call(u32 opcode) {
  switch (opcode) {
    case WriteBuffer::kOpcode:
    case WriteBufferFromBlob::kOpcode:
    case WriteTexture::kOpcode:
    case WriteTextureFromBlob::kOpcode:
    case WriteMapped::kOpcode:
    case WriteMappedFromBlob::kOpcode: return SpanKind::kUpload;
    case Submit::kOpcode:
    case Present::kOpcode: return SpanKind::kSubmit;
    case Poll::kOpcode: return SpanKind::kWait;
    case MapAsync::kOpcode:
    case MapAsyncWrite::kOpcode:
    case Unmap::kOpcode: return SpanKind::kMap;
    default: break;
  }
  return opcode < WriteBuffer::kOpcode ? SpanKind::kMake : SpanKind::kEncode;
}

Timeline timeline_of(const TraceModel& model, const std::vector<Pass>& passes, const MeasuredPasses* measured) {
  return TimelineBuilder(model).run(passes, measured);
}

std::string timeline_text(const Timeline& timeline, double from_ms, double to_ms, size_t columns) {
  if (columns < 20 || to_ms <= from_ms) return "";
  // What each column of a lane is full of, by kind.
  using Column = std::array<double, kSpanKindCount>;
  std::array<std::vector<Column>, kLaneCount> lanes;
  for (auto& lane : lanes) lane.resize(columns);
  std::string marks(columns, ' ');
  const double column_ms = (to_ms - from_ms) / static_cast<double>(columns);
  for (const Span& span : timeline.spans) {
    if (span.begin_ms + span.ms < from_ms || span.begin_ms >= to_ms) continue;
    const auto column_at = [&](double ms) {
      return static_cast<size_t>(std::clamp((ms - from_ms) / column_ms, 0.0, static_cast<double>(columns - 1)));
    };
    const size_t first = column_at(span.begin_ms), last = column_at(span.begin_ms + span.ms);
    if (span.lane == Lane::kFrames && span.begin_ms >= from_ms) marks[first] = '|';
    for (size_t i = first; i <= last; ++i) {
      const double begin = std::max(span.begin_ms, from_ms + column_ms * static_cast<double>(i));
      const double end = std::min(span.begin_ms + span.ms, from_ms + column_ms * static_cast<double>(i + 1));
      // However short, it shows.
      lanes[static_cast<size_t>(span.lane)][i][static_cast<size_t>(span.kind)] += std::max(end - begin, 1e-9);
    }
  }
  constexpr std::string_view kLetters[] = {" ", "u", "m", "e", "s", "w", "r", "\u2588", "\u2593"};
  std::string out = fmt::format("{:<8}{}\n", "frames", marks);
  for (const Lane lane : {Lane::kHost, Lane::kQueue, Lane::kGpu}) {
    if (lane == Lane::kGpu && !timeline.has_gpu) continue;
    out += fmt::format("{:<8}", lane_name(lane));
    for (const Column& column : lanes[static_cast<size_t>(lane)]) {
      const auto most = std::ranges::max_element(column);
      out += *most > 0 ? kLetters[most - column.begin()] : "\u00b7";
    }
    out += '\n';
  }
  return out + fmt::format("{:<8}{:<{}.2f}{:>10.2f} ms\n", "", from_ms, columns - 13, to_ms);
}

}  // namespace shoal::review
