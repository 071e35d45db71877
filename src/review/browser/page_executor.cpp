#include "review/browser/page_executor.h"

#include <cstring>
#include <set>
#include <utility>

#include "gpu/decode.gen.h"
#include "review/browser/base64.h"

namespace shoal::review {
namespace {

using namespace gpu;

// A read of the page carries 32 MiB; what a stream answers in all is not taken without end.
constexpr double kMostEventBytes = 1 << 30;

class PageTraceExecutor : public TraceExecutor {
 public:
  PageTraceExecutor(ExecutorPage& page, u32 device) : page_(page), device_(device) {}
  ~PageTraceExecutor() override { (void)page_.ask("close", fmt::format("[{}]", device_)); }

  Result<void> execute(std::span<const u32> words) override {
    if (is_lost_) return {};
    SHOAL_TRY(page_.put(std::as_bytes(words)));
    SHOAL_TRY(page_.ask("execute", fmt::format("[{}]", device_)));
    return decode_commands(words, [this]<class Command>(const Command& command) { expect(command); });
  }

  Result<std::vector<u32>> poll(bool waits) override {
    std::vector<u32> events;
    do {
      const char* function = !waits ? "gather" : awaited_.empty() ? "settle" : "awaitEvents";
      SHOAL_TRY_SET(const JsonValue size, page_.ask(function, fmt::format("[{}]", device_)));
      SHOAL_TRY_SET(events, take(size.number()));
      SHOAL_TRY(decode_events(events, [this]<class Event>(const Event& event) { answer(event); }));
    } while (events.empty() && waits && !awaited_.empty());
    return events;
  }

 private:
  enum class Sort { kBuffer, kPipeline, kMap, kWork };

  // What will be answered.
  template <class Command>
  void expect(const Command& command) {
    if constexpr (std::is_same_v<Command, CreateBuffer>) {
      if (command.reports != 0) awaited_.emplace(Sort::kBuffer, command.buffer);
    } else if constexpr (std::is_same_v<Command, CreateComputePipelineAsync> ||
                         std::is_same_v<Command, CreateRenderPipelineAsync>) {
      awaited_.emplace(Sort::kPipeline, command.pipeline);
    } else if constexpr (std::is_same_v<Command, MapAsync> || std::is_same_v<Command, MapAsyncWrite>) {
      awaited_.emplace(Sort::kMap, command.ticket);
    } else if constexpr (std::is_same_v<Command, OnSubmittedWorkDone>) {
      awaited_.emplace(Sort::kWork, command.serial);
    }
  }

  template <class Event>
  void answer(const Event& event) {
    if constexpr (requires { event.buffer; }) {
      awaited_.erase({Sort::kBuffer, event.buffer});
    } else if constexpr (requires { event.pipeline; }) {
      awaited_.erase({Sort::kPipeline, event.pipeline});
    } else if constexpr (requires { event.ticket; }) {
      awaited_.erase({Sort::kMap, event.ticket});
    } else if constexpr (requires { event.serial; }) {
      awaited_.erase({Sort::kWork, event.serial});
    } else if constexpr (std::is_same_v<Event, DeviceLost>) {
      is_lost_ = true;
      awaited_.clear();
    }
  }

  // What the page has gathered, piece by piece.
  Result<std::vector<u32>> take(double size_bytes) {
    if (!(size_bytes <= kMostEventBytes)) {
      return fail(ErrorCode::kDevice,
                  "A stream was answered with {} bytes, more than the {} that are taken of a page.", size_bytes,
                  kMostEventBytes);
    }
    std::string bytes;
    while (static_cast<double>(bytes.size()) < size_bytes) {
      SHOAL_TRY_SET(const JsonValue piece, page_.ask("take", fmt::format("[{},{}]", device_, bytes.size())));
      const std::optional<std::string> more = decode_base64(piece.text());
      if (!more || more->empty())
        return fail(ErrorCode::kDevice, "The page that replays it gave no answer that can be read.");
      bytes += *more;
    }
    std::vector<u32> words(bytes.size() / sizeof(u32));
    std::memcpy(words.data(), bytes.data(), words.size() * sizeof(u32));
    return words;
  }

  ExecutorPage& page_;
  u32 device_;
  std::set<std::pair<Sort, u32>> awaited_;
  bool is_lost_ = false;
};

Result<OpenedExecutor> open_in(ExecutorPage& page, const Trace& trace, const std::vector<std::string>& features) {
  SHOAL_TRY(page.lend(trace));
  JsonWriter arguments;
  arguments.begin_array().begin_array();
  for (const std::string& feature : features) arguments.value(feature);
  arguments.end_array().end_array();
  SHOAL_TRY_SET(const JsonValue device, page.ask("open", arguments.text()));
  OpenedExecutor opened{.executor = std::make_unique<PageTraceExecutor>(page, device.whole<u32>("device", 0)),
                        .adapter = device.text("adapter"),
                        .is_software = device["isSoftware"].is_true(),
                        .has_timestamps = device["hasTimestamps"].is_true(),
                        .missing_features = {}};
  for (const JsonValue& missing : device["missing"].items()) opened.missing_features.push_back(missing.text());
  return opened;
}

}  // namespace

OpenExecutor page_executors(ExecutorPage& page) {
  return [&page](const Trace& trace, const std::vector<std::string>& features) {
    return open_in(page, trace, features);
  };
}

}  // namespace shoal::review
