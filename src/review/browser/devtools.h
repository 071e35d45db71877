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
  // Asks and waits for the result. Errors: kIo where the browser ends, refuses or says nothing for as long, and
  // where an interrupt came.
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

}  // namespace shoal::review
