// The DevTools protocol: questions and answers by number, and what happens in between.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "review/browser/browser_process.h"

namespace shoal::review {

// What happened in a session: a page, an iframe, a worker, or the browser itself ("").
struct DevToolsEvent {
  std::string session, method;
  JsonValue parameters;
};

// Parameters are JSON objects as text.
class DevTools {
 public:
  explicit DevTools(BrowserProcess& browser) : browser_(browser) {}

  // Asks and goes on.
  Result<void> tell(const std::string& session, std::string_view method, std::string_view parameters = "{}");
  // Asks and waits for the result. Errors: kIo where the browser ends, refuses or says nothing for as long, where
  // the page crashed (Inspector.enable) and where an interrupt came.
  Result<JsonValue> ask(const std::string& session, std::string_view method, std::string_view parameters = "{}",
                        std::chrono::seconds longest = std::chrono::seconds(30));
  // What happened next; nothing at `until` or when an interrupt came. Errors: kIo where the browser has ended.
  Result<std::optional<DevToolsEvent>> next(BrowserProcess::Clock::time_point until);

 private:
  Result<u64> send(const std::string& session, std::string_view method, std::string_view parameters);

  BrowserProcess& browser_;
  u64 last_number_ = 0;
  std::deque<DevToolsEvent> waiting_;
};

// An object of one text.
std::string parameter(std::string_view name, std::string_view value);

// The session of a new, empty page. `ask(method, parameters)` asks the browser itself. Errors: those of `ask`.
template <class Ask>
Result<std::string> open_page(const Ask& ask) {
  SHOAL_TRY_SET(const JsonValue made, ask("Target.createTarget", parameter("url", "about:blank")));
  JsonWriter attach;
  attach.begin_object().member("targetId", made.text("targetId")).member("flatten", true).end_object();
  SHOAL_TRY_SET(const JsonValue attached, ask("Target.attachToTarget", attach.text()));
  return attached.text("sessionId");
}

}  // namespace shoal::review
