#include "review/browser/devtools.h"

#include "review/browser/interrupts.h"

namespace shoal::review {

Result<u64> DevTools::send(const std::string& session, std::string_view method, std::string_view parameters) {
  JsonWriter message;
  message.begin_object().member("id", ++last_number_).member("method", method).key("params").raw(parameters);
  if (!session.empty()) message.member("sessionId", session);
  SHOAL_TRY(browser_.send(message.end_object().text()));
  return last_number_;
}

Result<void> DevTools::tell(const std::string& session, std::string_view method, std::string_view parameters) {
  SHOAL_TRY(send(session, method, parameters));
  return {};
}

Result<JsonValue> DevTools::ask(const std::string& session, std::string_view method, std::string_view parameters,
                                std::chrono::seconds longest) {
  SHOAL_TRY_SET(const u64 number, send(session, method, parameters));
  const auto until = BrowserProcess::Clock::now() + longest;
  while (BrowserProcess::Clock::now() < until) {
    SHOAL_TRY_SET(const std::optional<std::string> text, browser_.receive(until));
    if (!text) break;
    const std::optional<JsonValue> message = JsonValue::parse(*text);
    if (!message) continue;
    if (message->has("method")) {
      waiting_.push_back({message->text("sessionId"), message->text("method"), (*message)["params"]});
      // It leaves what it was asked without an answer.
      if (waiting_.back().session == session && waiting_.back().method == "Inspector.targetCrashed") {
        return fail(ErrorCode::kIo, "The page crashed before it answered {}.", method);
      }
    } else if (message->whole<u64>("id", 0) == number) {
      if (message->has("error")) {
        return fail(ErrorCode::kIo, "The browser refused {}: {}.", method, (*message)["error"].text("message"));
      }
      return (*message)["result"];
    }
  }
  if (Interrupts::came()) return fail(ErrorCode::kIo, "An interrupt came before the browser answered {}.", method);
  return fail(ErrorCode::kIo, "The browser gave no answer to {} within {} s.", method, longest.count());
}

Result<std::optional<DevToolsEvent>> DevTools::next(BrowserProcess::Clock::time_point until) {
  if (!waiting_.empty()) {
    DevToolsEvent event = std::move(waiting_.front());
    waiting_.pop_front();
    return event;
  }
  for (;;) {
    SHOAL_TRY_SET(const std::optional<std::string> text, browser_.receive(until));
    if (!text) return std::nullopt;
    const std::optional<JsonValue> message = JsonValue::parse(*text);
    // Answers that nobody waits for pass by.
    if (!message || !message->has("method")) continue;
    return DevToolsEvent{message->text("sessionId"), message->text("method"), (*message)["params"]};
  }
}

std::string parameter(std::string_view name, std::string_view value) {
  return JsonWriter().begin_object().member(name, value).end_object().text();
}

}  // namespace shoal::review
