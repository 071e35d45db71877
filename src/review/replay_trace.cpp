#include "review/replay_trace.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <memory>
#include <unordered_map>

#include "base/text.h"
#include "gpu/decode.gen.h"
#include "gpu/payload_hash.h"
#include "review/native_executor.h"
#include "review/pass_timing.h"
#include "review/timestamp_bytes.h"

namespace shoal::review {
namespace {

using namespace gpu;

using Clock = std::chrono::steady_clock;

// A trace that reads back without end, and recorded none of it, does not fill the memory.
constexpr u64 kMostUnclaimedBytes = u64{2} << 30;

struct ReplayDevice {
  std::unique_ptr<TraceExecutor> executor;
  std::unique_ptr<PassTiming> timing;
  std::unordered_map<u32, std::vector<std::byte>> mapped;     // by ticket
  std::unordered_map<u32, std::string> map_failures;          // by ticket
  std::unordered_map<u32, bool> pipelines, buffers, serials;  // that were answered
};

void add_once(std::vector<std::string>& names, std::string_view name) {
  constexpr size_t kMost = 1000;  // a trace may hold millions
  if (names.size() < kMost && std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

// One carrying out of a trace.
class Replay {
 public:
  Replay(const Trace& trace, const ReplayOptions& options, const OpenExecutor& open_executor, ReplayReport& report,
         bool is_first)
      : trace_(trace), options_(options), open_executor_(open_executor), report_(report), is_first_(is_first) {}

  Result<void> run() {
    const auto start = Clock::now();
    const std::clock_t cpu_start = std::clock();
    for (const TraceRecord& record : trace_.records) {
      switch (record.kind) {
        case TraceKind::kStream: SHOAL_TRY(say(record)); break;
        case TraceKind::kEvents: SHOAL_TRY(hear(record)); break;
        case TraceKind::kNotes: note(record); break;
        case TraceKind::kBlob:
        case TraceKind::kEnd: break;
      }
    }
    for (auto& [id, device] : devices_) {
      SHOAL_TRY(wait_until(device, [] { return false; }));
    }
    report_.host_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start - opening_).count());
    report_.cpu_ms.push_back(1000.0 * static_cast<double>(std::clock() - cpu_start - cpu_opening_) /
                             CLOCKS_PER_SEC);
    report_.devices = static_cast<u32>(devices_.size());
    return {};
  }

 private:
  Result<ReplayDevice*> open(u32 id) {
    if (const auto found = devices_.find(id); found != devices_.end()) return &found->second;
    const auto start = Clock::now();
    const std::clock_t cpu_start = std::clock();
    SHOAL_TRY_SET(OpenedExecutor opened, open_executor_(trace_, features_[id]));
    for (const std::string& name : opened.missing_features) add_once(report_.missing_features, name);
    report_.adapter = opened.adapter;
    report_.is_software = opened.is_software;
    ReplayDevice& device = devices_[id];
    device.executor = std::move(opened.executor);
    if (options_.times_passes && opened.has_timestamps) {
      device.timing = std::make_unique<PassTiming>(opened.timestamp_period_ns);
      SHOAL_TRY(device.executor->execute(device.timing->begin()));
    }
    opening_ += Clock::now() - start;
    cpu_opening_ += std::clock() - cpu_start;
    return &device;
  }

  Result<void> say(const TraceRecord& record) {
    SHOAL_TRY_SET(ReplayDevice * device, open(record.device));
    u32 next_pass = next_pass_;
    learn(record);
    if (device->timing != nullptr) {
      SHOAL_TRY(device->executor->execute(device->timing->add(record.words, next_pass)));
    } else {
      SHOAL_TRY(device->executor->execute(record.words));
    }
    SHOAL_TRY(poll(*device, false));
    return {};
  }

  // Counts what a stream holds, and remembers the passes by their number.
  void learn(const TraceRecord& record) {
    (void)decode_commands(record.words, [&]<class Command>(const Command& command) {
      if constexpr (std::is_same_v<Command, Call>) return;
      times_.learn(command);
      if constexpr (std::is_same_v<Command, CreateBuffer>) labels_[command.buffer] = command.label;
      if constexpr (std::is_same_v<Command, SetLabel>) labels_[command.object] = command.label;
      if constexpr (std::is_same_v<Command, MapAsync>) mapped_buffers_[command.ticket] = command.buffer;
      if constexpr (std::is_same_v<Command, BeginComputePass> || std::is_same_v<Command, BeginRenderPass>) {
        ++next_pass_;
        if (is_first_) {
          report_.passes.push_back({.label = std::string(command.label),
                                    .draws = std::is_same_v<Command, BeginRenderPass>,
                                    .device = record.device,
                                    .submission = static_cast<u32>(submissions_ + 1),
                                    .frame = frames_ + 1,
                                    .ms = {}});
        }
      }
      if constexpr (std::is_same_v<Command, Submit>) ++submissions_;
      if constexpr (std::is_same_v<Command, Present> || std::is_same_v<Command, FrameMark>) ++frames_;
      if (!is_first_) return;
      if constexpr (std::is_same_v<Command, Unsupported>) add_once(report_.unsupported, command.name);
      ++report_.commands;
      report_.submissions = submissions_;
      report_.frames = frames_;
    });
  }

  // What the program heard must be heard here before it says more.
  Result<void> hear(const TraceRecord& record) {
    SHOAL_TRY_SET(ReplayDevice * device, open(record.device));
    Result<void> heard;
    (void)decode_events(record.words, [&]<class Event>(const Event& event) {
      if (heard) heard = hear(*device, event);
    });
    return heard;
  }

  template <class Event>
  Result<void> hear(ReplayDevice& device, const Event& event) {
    if constexpr (std::is_same_v<Event, Mapped>) {
      return compare(device, event.ticket, event.data);
    } else if constexpr (std::is_same_v<Event, MappedBlob>) {
      return compare(device, event.ticket,
                     trace_.blobs[event.blob - 1].bytes.subspan(static_cast<size_t>(event.blob_offset_bytes),
                                                                static_cast<size_t>(event.size_bytes)));
    } else if constexpr (std::is_same_v<Event, PipelineReady> || std::is_same_v<Event, PipelineFailed>) {
      return wait_until(device, [&] { return device.pipelines.contains(event.pipeline); });
    } else if constexpr (std::is_same_v<Event, BufferReady> || std::is_same_v<Event, BufferFailed>) {
      return wait_until(device, [&] { return device.buffers.contains(event.buffer); });
    } else if constexpr (std::is_same_v<Event, WorkDone>) {
      return wait_until(device, [&] { return device.serials.contains(event.serial); });
    } else if constexpr (std::is_same_v<Event, ErrorEvent> || std::is_same_v<Event, DeviceLost>) {
      if (is_first_) add_once(report_.recorded_errors, event.message);
    }
    return {};
  }

  // Or until nothing more can come.
  template <class Holds>
  Result<void> wait_until(ReplayDevice& device, const Holds& holds) {
    while (!holds()) {
      SHOAL_TRY_SET(const bool has_come, poll(device, true));
      if (!has_come) break;
    }
    return {};
  }

  Result<void> compare(ReplayDevice& device, u32 ticket, std::span<const std::byte> recorded) {
    SHOAL_TRY(
        wait_until(device, [&] { return device.mapped.contains(ticket) || device.map_failures.contains(ticket); }));
    const auto read = device.mapped.find(ticket);
    if (recorded.empty()) {  // mapped for writing
      if (read == device.mapped.end()) return {};
      unclaimed_bytes_ -= read->second.size();
      device.mapped.erase(read);
      return {};
    }
    ++report_.readbacks;
    Difference difference{
        .ticket = ticket, .buffer = labels_[mapped_buffers_[ticket]], .size_bytes = recorded.size()};
    if (read == device.mapped.end()) {
      const auto failure = device.map_failures.find(ticket);
      difference.message = failure == device.map_failures.end() ? "It was not answered." : failure->second;
    } else {
      std::vector<std::byte> bytes = std::move(read->second);
      device.mapped.erase(read);
      unclaimed_bytes_ -= bytes.size();
      take_times_from(ticket, recorded, bytes);
      if (is_first_) report_.answers.push_back(payload_hash(bytes));
      find_difference(bytes, recorded, difference);
      if (difference.differing_bytes == 0) {
        ++report_.equal_readbacks;
        return {};
      }
    }
    constexpr size_t kMost = 1000;
    if (report_.differences.size() < kMost) report_.differences.push_back(std::move(difference));
    return {};
  }

  static void find_difference(std::span<const std::byte> read, std::span<const std::byte> recorded,
                              Difference& difference) {
    const size_t shared = std::min(read.size(), recorded.size());
    difference.at_bytes = shared;
    difference.differing_bytes = std::max(read.size(), recorded.size()) - shared;
    for (size_t i = shared; i-- > 0;) {
      if (read[i] == recorded[i]) continue;
      ++difference.differing_bytes;
      difference.at_bytes = i;
    }
  }

  // Times are taken as they were recorded.
  void take_times_from(u32 ticket, std::span<const std::byte> recorded, std::vector<std::byte>& read) {
    const size_t shared = std::min(read.size(), recorded.size());
    const std::span<const TimestampBytes::Range> times = times_.of(ticket);
    for (const auto& [begin, end] : times) {
      const size_t first = std::min<size_t>(begin, shared), last = std::min<size_t>(end, shared);
      std::ranges::copy(recorded.subspan(first, last - first), read.begin() + static_cast<std::ptrdiff_t>(first));
    }
    if (!times.empty()) ++report_.readbacks_of_times;
  }

  void note(const TraceRecord& record) {
    (void)decode_notes(record.words, [&]<class Note>(const Note& note) {
      if constexpr (std::is_same_v<Note, DeviceInfo>) {
        for (const Named& feature : note.features) features_[note.device].emplace_back(feature.name);
      } else if constexpr (std::is_same_v<Note, Unrecorded>) {
        if (is_first_) add_once(report_.unsupported, note.name);
      }
    });
  }

  // Whether anything came; where it waits, false means that nothing more can.
  Result<bool> poll(ReplayDevice& device, bool waits) {
    SHOAL_TRY_SET(const std::vector<u32> events, device.executor->poll(waits));
    std::vector<u32> answers;
    (void)decode_events(events, [&]<class Event>(const Event& event) {
      if constexpr (std::is_same_v<Event, Mapped>) {
        if (device.timing != nullptr && device.timing->is_own(event.ticket)) {
          std::vector<PassTiming::Time> times;
          const auto said = device.timing->take(event.ticket, event.data, times);
          answers.insert(answers.end(), said.begin(), said.end());
          for (const auto& [pass, ms] : times) {
            if (pass < report_.passes.size()) report_.passes[pass].ms.push_back(ms);
          }
        } else {
          keep(device, event);
        }
      } else if constexpr (std::is_same_v<Event, MapFailed>) {
        device.map_failures[event.ticket] = event.message;
      } else if constexpr (std::is_same_v<Event, PipelineReady> || std::is_same_v<Event, PipelineFailed>) {
        device.pipelines[event.pipeline] = true;
      } else if constexpr (std::is_same_v<Event, BufferReady> || std::is_same_v<Event, BufferFailed>) {
        device.buffers[event.buffer] = true;
      } else if constexpr (std::is_same_v<Event, WorkDone>) {
        device.serials[event.serial] = true;
      } else if constexpr (std::is_same_v<Event, ErrorEvent>) {
        if (is_first_) add_once(report_.errors, fmt::format("{}: {}", event.label, event.message));
      } else if constexpr (std::is_same_v<Event, DeviceLost>) {
        add_once(report_.errors, fmt::format("The device was lost: {}", event.message));
      }
      if constexpr (std::is_same_v<Event, PipelineFailed>) {
        if (is_first_) add_once(report_.errors, event.message);
      }
    });
    if (!answers.empty()) SHOAL_TRY(device.executor->execute(answers));
    return !events.empty();
  }

  // Until it is held to what was recorded.
  void keep(ReplayDevice& device, const Mapped& event) {
    if (unclaimed_bytes_ + event.data.size() > kMostUnclaimedBytes) {
      device.map_failures[event.ticket] =
          fmt::format("It was read back and not kept: {} that no recorded read asked for were before.",
                      format_bytes(unclaimed_bytes_));
      return;
    }
    std::vector<std::byte>& bytes = device.mapped[event.ticket];
    unclaimed_bytes_ += event.data.size() - bytes.size();
    bytes.assign(event.data.begin(), event.data.end());
  }

  const Trace& trace_;
  const ReplayOptions& options_;
  const OpenExecutor& open_executor_;
  ReplayReport& report_;
  bool is_first_;
  std::map<u32, ReplayDevice> devices_;
  std::unordered_map<u32, std::vector<std::string>> features_;
  std::unordered_map<u32, std::string> labels_;
  std::unordered_map<u32, u32> mapped_buffers_;  // by ticket
  TimestampBytes times_;
  Clock::duration opening_{};
  std::clock_t cpu_opening_ = 0;
  u32 next_pass_ = 0, frames_ = 0;
  u64 submissions_ = 0, unclaimed_bytes_ = 0;
};

}  // namespace

Result<ReplayReport> replay(const Trace& trace, const ReplayOptions& options) {
  return replay(trace, options, native_executors(options.adapter));
}

Result<ReplayReport> replay(const Trace& trace, const ReplayOptions& options, const OpenExecutor& open_executor) {
  ReplayReport report;
  report.trace_damage = trace.damage;
  for (u32 repetition = 0; repetition < std::max(options.repetitions, 1u); ++repetition) {
    SHOAL_TRY(Replay(trace, options, open_executor, report, repetition == 0).run());
  }
  return report;
}

}  // namespace shoal::review
