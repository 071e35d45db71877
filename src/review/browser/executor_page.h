// The page that carries traces out (web/src/replay), in a Chromium of its own: its functions, asked one after the
// other.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/result.h"
#include "gpu/trace.h"
#include "review/browser/devtools.h"
#include "review/browser/interrupts.h"

namespace shoal::review {

class ExecutorPage {
 public:
  // `page` is the path of replay.html, beside which replay.js lies. Errors: kNotFound where the page or a browser
  // is missing, and those of ask.
  static Result<std::unique_ptr<ExecutorPage>> open(const std::string& page, u32 timeout_s);
  ExecutorPage(const ExecutorPage&) = delete;
  ExecutorPage& operator=(const ExecutorPage&) = delete;

  // What the page's function gives for these arguments (a JSON array). Errors: kDevice where the browser ended, the
  // page crashed or threw, an interrupt came or the time is over.
  Result<JsonValue> ask(std::string_view function, std::string_view arguments);
  // Hands over what the next function takes.
  Result<void> put(std::span<const std::byte> bytes);
  // The blobs of the trace, once.
  Result<void> lend(const gpu::Trace& trace);

 private:
  ExecutorPage(std::unique_ptr<BrowserProcess> browser, u32 timeout_s)
      : browser_(std::move(browser)),
        devtools_(*browser_),
        timeout_s_(timeout_s),
        until_(BrowserProcess::Clock::now() + std::chrono::seconds(timeout_s)) {}
  Result<void> load(const std::string& page);
  Result<JsonValue> ask_page(std::string_view method, std::string_view parameters);
  Result<JsonValue> ask_browser(std::string_view method, std::string_view parameters);

  Interrupts interrupts_;
  std::unique_ptr<BrowserProcess> browser_;
  DevTools devtools_;
  u32 timeout_s_;
  BrowserProcess::Clock::time_point until_;
  std::string session_, object_;  // the page's, and that of its functions
  bool has_blobs_ = false;
  std::string gone_;  // why it is; what is asked of a page that crashed may never be answered
};

}  // namespace shoal::review
