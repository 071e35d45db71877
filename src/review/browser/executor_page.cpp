#include "review/browser/executor_page.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "review/browser/base64.h"
#include "review/record_page.h"

namespace shoal::review {
namespace {

namespace fs = std::filesystem;

// Chromium takes messages of up to 100 MiB.
constexpr size_t kPieceBytes = size_t{4} << 20;
constexpr size_t kLongestFault = 500;
constexpr const char* kRemedy =
    "`shoal trace print` shows what the trace says, and `shoal replay` without --browser says it to wgpu-native.";
constexpr const char* kFunctions =
    "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))"
    ".then(() => globalThis.shoalReplay)";

}  // namespace

Result<std::unique_ptr<ExecutorPage>> ExecutorPage::open(const std::string& page, u32 timeout_s) {
  std::error_code error;
  const fs::path file(page);
  for (const fs::path& needed : {file, file.parent_path() / "replay.js"}) {
    if (fs::is_regular_file(needed, error)) continue;
    return fail(ErrorCode::kNotFound,
                "The page that replays traces is not complete: {} is missing. Run ./dev web to build it.",
                quote(needed.string()));
  }
  SHOAL_TRY_SET(auto browser, BrowserProcess::start(false));
  std::unique_ptr<ExecutorPage> opened(new ExecutorPage(std::move(browser), timeout_s));
  SHOAL_TRY(opened->load(page));
  return opened;
}

Result<void> ExecutorPage::load(const std::string& page) {
  SHOAL_TRY_SET(session_, open_page([this](std::string_view method, const std::string& parameters) {
                  return ask_browser(method, parameters);
                }));
  SHOAL_TRY(ask_browser("Inspector.enable", "{}"));
  SHOAL_TRY(ask_browser("Page.navigate", parameter("url", page_url(page))));
  JsonWriter question;
  question.begin_object().member("expression", kFunctions).member("awaitPromise", true).end_object();
  SHOAL_TRY_SET(const JsonValue functions, ask_page("Runtime.evaluate", question.text()));
  object_ = functions.text("objectId");
  if (!object_.empty()) return {};
  return fail(ErrorCode::kDevice, "{} does not replay traces in this browser. Run ./dev web to build it anew.",
              quote(page));
}

Result<JsonValue> ExecutorPage::ask(std::string_view function, std::string_view arguments) {
  JsonWriter question;
  question.begin_object()
      .member("objectId", object_)
      .member("functionDeclaration", "function(name, given) { return this[name](...given); }")
      .member("awaitPromise", true)
      .member("returnByValue", true)
      .key("arguments")
      .begin_array()
      .raw(parameter("value", function))
      .begin_object()
      .key("value")
      .raw(arguments)
      .end_object()
      .end_array()
      .end_object();
  SHOAL_TRY_SET(const JsonValue result, ask_page("Runtime.callFunctionOn", question.text()));
  return result["value"];
}

Result<void> ExecutorPage::put(std::span<const std::byte> bytes) {
  size_t at = 0;
  do {
    const auto piece = bytes.subspan(at, std::min(kPieceBytes, bytes.size() - at));
    JsonWriter arguments;
    arguments.begin_array().value(bytes.size()).value(at).value(encode_base64(piece)).end_array();
    SHOAL_TRY(ask("put", arguments.text()));
    at += piece.size();
  } while (at < bytes.size());
  return {};
}

Result<void> ExecutorPage::lend(const gpu::Trace& trace) {
  if (std::exchange(has_blobs_, true)) return {};
  for (const gpu::TraceBlob& blob : trace.blobs) {
    SHOAL_TRY(put(blob.bytes));
    SHOAL_TRY(ask("lend", "[]"));
  }
  return {};
}

// What it came to in the page; an exception there is an error here.
Result<JsonValue> ExecutorPage::ask_page(std::string_view method, std::string_view parameters) {
  SHOAL_TRY_SET(const JsonValue answer, ask_browser(method, parameters));
  if (!answer.has("exceptionDetails")) return answer["result"];
  const JsonValue& details = answer["exceptionDetails"];
  const std::string fault = details["exception"].text("description", details.text("text"));
  return fail(ErrorCode::kDevice, "The page that replays it failed: {} {}",
              fault.substr(0, fault.find('\n')).substr(0, kLongestFault), kRemedy);
}

Result<JsonValue> ExecutorPage::ask_browser(std::string_view method, std::string_view parameters) {
  // Who met the end first may have been one that nobody listens to.
  if (!gone_.empty()) return fail(ErrorCode::kDevice, "{}", gone_);
  const auto left = std::chrono::ceil<std::chrono::seconds>(until_ - BrowserProcess::Clock::now());
  auto answer = devtools_.ask(session_, method, parameters, std::max(left, std::chrono::seconds(0)));
  if (answer) return answer;
  if (Interrupts::came()) {
    gone_ = "It was interrupted.";
  } else if (BrowserProcess::Clock::now() < until_) {
    gone_ = fmt::format("{} {}", answer.error().message(), kRemedy);
  } else {
    gone_ =
        fmt::format("The replay did not end within {} s, so its browser was stopped. Allow it more with --timeout.",
                    timeout_s_);
  }
  return fail(ErrorCode::kDevice, "{}", gone_);
}

}  // namespace shoal::review
