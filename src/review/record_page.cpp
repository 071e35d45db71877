#include "review/record_page.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/text.h"
#include "review/browser/devtools.h"
#include "review/browser/interrupts.h"
#include "review/browser/page_traces.h"

namespace shoal::review {
namespace {

namespace fs = std::filesystem;
using Clock = BrowserProcess::Clock;

// What the recorder calls with its trace; record.js knows the name.
constexpr const char* kBinding = "shoalTakesTrace";
constexpr u32 kFirstFailedStatus = 400;

// A page that is asked why it used no WebGPU answers at once, or its script never comes back.
constexpr auto kLongestWhy = std::chrono::seconds(5);

class PageRecorder {
 public:
  PageRecorder(const RecordPageOptions& options, std::string script, BrowserProcess& browser)
      : options_(options),
        script_(std::move(script)),
        devtools_(browser),
        traces_(fs::absolute(options.out).string()) {}

  Result<RecordReport> run() {
    SHOAL_TRY(open());
    const auto start = Clock::now();
    const auto until =
        start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    RecordReport report;
    while (!is_over_ && traces_.frames() < options_.frames && Clock::now() < until && !Interrupts::came()) {
      // A browser that is gone has said what it said.
      auto event = devtools_.next(until);
      if (!event) {
        ending_ = event.error().message();
        report.exit_code = 1;
        break;
      }
      if (*event) SHOAL_TRY(hear(**event));
    }
    report.host_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    if (traces_.is_empty()) return nothing_recorded();
    if (has_crashed_) report.exit_code = 1;
    SHOAL_TRY(traces_.finish(report));
    report.ending = traces_.frames() < options_.frames ? early_end() : "";
    return report;
  }

 private:
  Result<void> open() {
    SHOAL_TRY_SET(page_, open_page([this](std::string_view method, const std::string& parameters) {
                    return devtools_.ask("", method, parameters);
                  }));
    SHOAL_TRY(devtools_.tell(page_, "Network.enable"));
    SHOAL_TRY(record_session(page_, "page"));
    // Navigating is the browser's own business and may overtake what the page's process has not read yet.
    SHOAL_TRY(devtools_.ask(page_, "Runtime.evaluate", parameter("expression", "0")));
    const auto opened = devtools_.ask(page_, "Page.navigate", parameter("url", options_.url));
    if (Interrupts::came()) {
      return fail(ErrorCode::kUnsupported, "Recording {} was interrupted before it was opened.",
                  quote(options_.url));
    }
    const std::string why = opened ? opened->text("errorText") : opened.error().message();
    if (why.empty()) return {};
    return fail(ErrorCode::kNotFound, "{} cannot be opened ({}). Check the address, and that it is served.",
                quote(options_.url), why);
  }

  // Before anything of the page's own runs in it.
  Result<void> record_session(const std::string& session, std::string_view kind) {
    SHOAL_TRY(devtools_.tell(session, "Runtime.enable"));
    SHOAL_TRY(devtools_.tell(session, "Runtime.addBinding", parameter("name", kBinding)));
    if (kind == "worker") {
      // A thread that is only about to start has nothing of WebGPU yet: it is halted where its script begins.
      SHOAL_TRY(devtools_.tell(session, "Debugger.enable"));
      SHOAL_TRY(devtools_.tell(session, "Debugger.setInstrumentationBreakpoint",
                               parameter("instrumentation", "beforeScriptExecution")));
    } else {
      SHOAL_TRY(devtools_.tell(session, "Page.enable"));
      SHOAL_TRY(devtools_.tell(session, "Inspector.enable"));
      SHOAL_TRY(devtools_.tell(session, "Page.addScriptToEvaluateOnNewDocument", parameter("source", script_)));
    }
    JsonWriter attach;
    attach.begin_object().member("autoAttach", true).member("waitForDebuggerOnStart", true).member("flatten", true);
    SHOAL_TRY(devtools_.tell(session, "Target.setAutoAttach", attach.end_object().text()));
    return devtools_.tell(session, "Runtime.runIfWaitingForDebugger");
  }

  // A worker's script is about to begin, and does when the debugger is gone.
  Result<void> record_worker(const std::string& session) {
    SHOAL_TRY(devtools_.tell(session, "Runtime.evaluate", parameter("expression", script_)));
    return devtools_.tell(session, "Debugger.disable");
  }

  Result<void> hear(const DevToolsEvent& event) {
    const JsonValue& with = event.parameters;
    if (event.method == "Runtime.bindingCalled") {
      if (with.text("name") == kBinding) return traces_.take(event.session, with["payload"].text());
    } else if (event.method == "Target.attachedToTarget") {
      // A thread that ends meanwhile refuses what it is told; nobody waits for the answers.
      const std::string kind = with["targetInfo"].text("type"), session = with.text("sessionId");
      const bool is_recorded = kind == "page" || kind == "iframe" || kind == "worker";
      return is_recorded ? record_session(session, kind)
                         : devtools_.tell(session, "Runtime.runIfWaitingForDebugger");
    } else if (event.method == "Target.detachedFromTarget" && with.text("sessionId") == page_) {
      end("The page closed itself.");
    } else if (event.method == "Debugger.paused") {
      return record_worker(event.session);
    } else if (event.method == "Page.javascriptDialogOpening") {
      return devtools_.tell(event.session, "Page.handleJavaScriptDialog", R"({"accept":true})");
    } else if (event.method == "Runtime.exceptionThrown" && exception_.empty()) {
      const JsonValue& details = with["exceptionDetails"];
      exception_ = details["exception"].text("description", details.text("text"));
      exception_ = exception_.substr(0, exception_.find('\n')).substr(0, 300);
    }
    return event.session == page_ ? hear_page(event) : Result<void>{};
  }

  // What only the page itself can say.
  Result<void> hear_page(const DevToolsEvent& event) {
    if (event.method == "Inspector.targetCrashed") {
      end("The page crashed.");
      has_crashed_ = true;
    } else if (event.method.starts_with("Page.frame") || event.method == "Page.loadEventFired") {
      if (!is_first_of_window_) make_first_of_window();
    } else if (event.method == "Network.responseReceived" && event.parameters.text("type") == "Document" &&
               !is_answered_) {
      is_answered_ = true;
      const JsonValue& response = event.parameters["response"];
      const u32 status = response.whole<u32>("status", 0);
      if (status < kFirstFailedStatus) return {};
      return fail(ErrorCode::kNotFound, "{} answers {} {}. Check the address.", quote(options_.url), status,
                  response.text("statusText"));
    }
    return {};
  }

  // A page may close a window that it is the first of, as one is that a person opens. The browser refuses while it
  // is still about to show the page; the events of loading it come until it has.
  void make_first_of_window() {
    const auto history = devtools_.ask(page_, "Page.getNavigationHistory");
    if (!history || history->whole<u32>("currentIndex", 0) == 0) return;
    is_first_of_window_ = devtools_.ask(page_, "Page.resetNavigationHistory").has_value();
  }

  void end(std::string_view why) {
    is_over_ = true;
    ending_ = why;
  }

  // Why there are fewer frames than were asked for.
  std::string early_end() const {
    std::string text = ending_;
    if (Interrupts::came()) {
      text = "It was interrupted.";
    } else if (text.empty()) {
      text = fmt::format("The page ended {} of {} frames (--frames) in {} s (--seconds).", traces_.frames(),
                         options_.frames, options_.seconds);
    }
    return text + exception();
  }

  std::string exception() const {
    return exception_.empty() ? "" : fmt::format(" Its script failed: {}", exception_);
  }

  std::unexpected<Error> nothing_recorded() {
    return fail(ErrorCode::kUnsupported, "{} used no WebGPU that can be recorded. {}{}", quote(options_.url),
                why_nothing(), exception());
  }

  std::string why_nothing() {
    if (Interrupts::came()) return "It was interrupted before it opened a device.";
    if (!ending_.empty()) return ending_;
    constexpr std::string_view kQuestion =
        "!isSecureContext ? 'insecure' : !navigator.gpu ? 'missing' : navigator.gpu.requestAdapter().then("
        "adapter => adapter ? 'there' : 'none')";
    JsonWriter question;
    question.begin_object().member("expression", kQuestion).member("awaitPromise", true).end_object();
    const auto answer = devtools_.ask(page_, "Runtime.evaluate", question.text(), kLongestWhy);
    if (Interrupts::came()) return "It was interrupted.";
    if (!answer) return fmt::format("Its script runs without an end: {}", answer.error().message());
    const std::string found = (*answer)["result"].text("value");
    if (found == "insecure") {
      return "A browser gives WebGPU to secure pages only: serve it by https, or from localhost.";
    }
    if (found == "missing") return "This browser has no WebGPU: navigator.gpu is missing.";
    if (found == "none") return "This browser has no adapter for it.";
    return fmt::format("It opened no device within {} s; allow it more with --seconds.", options_.seconds);
  }

  const RecordPageOptions& options_;
  const std::string script_;
  DevTools devtools_;
  PageTraces traces_;
  std::string page_;  // its session
  std::string exception_, ending_;
  bool is_over_ = false, has_crashed_ = false, is_answered_ = false, is_first_of_window_ = false;
};

// record.js, told how long it is to record, and with a name by which it knows itself in call stacks.
std::string script_of(const RecordPageOptions& options, std::string_view recorder) {
  return fmt::format("globalThis.shoalRecordsFrames={};\n{}\n//# sourceURL=shoal:record.js", options.frames,
                     recorder);
}

// A path as an address.
std::string file_url(const fs::path& path) {
  std::string url = "file://";
  for (const char c : path.string()) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                          std::string_view("/-_.~").find(c) != std::string_view::npos;
    url += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return url;
}

}  // namespace

std::string page_url(const std::string& word) {
  for (const char* scheme : {"http://", "https://", "file:"}) {
    if (word.starts_with(scheme)) return word;
  }
  std::error_code error;
  const fs::path path(word);
  const bool is_page = path.extension() == ".html" || path.extension() == ".htm";
  return is_page && fs::is_regular_file(path, error) ? file_url(fs::absolute(path)) : "";
}

Result<RecordReport> record_page(const RecordPageOptions& options) {
  std::ifstream file(options.recorder, std::ios::binary);
  if (!file) {
    return fail(ErrorCode::kNotFound, "The recorder of pages {} is not there. Build it with './dev web'.",
                quote(options.recorder));
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  SHOAL_TRY(check_folder_of(options.out));
  const Interrupts interrupts;
  SHOAL_TRY_SET(const auto browser, BrowserProcess::start(options.url.starts_with("file:")));
  return PageRecorder(options, script_of(options, text), *browser).run();
}

}  // namespace shoal::review
