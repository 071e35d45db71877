// A Chromium without a window that is spoken to through two pipes, and ends with the object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "review/temporary_folder.h"

namespace shoal::review {

class BrowserProcess {
 public:
  using Clock = std::chrono::steady_clock;

  // $CHROMIUM, or the first of chromium, chromium-browser, google-chrome on PATH. Where the machine has no GPU it
  // computes in software. `opens_files`: a page at file: may load what lies beside it. Errors: kNotFound where
  // there is none, kIo.
  static Result<std::unique_ptr<BrowserProcess>> start(bool opens_files);
  ~BrowserProcess();
  BrowserProcess(const BrowserProcess&) = delete;
  BrowserProcess& operator=(const BrowserProcess&) = delete;

  // One message of the DevTools protocol. Errors: kIo where the browser has ended.
  Result<void> send(std::string_view message);
  // The next one from it; nothing at `until` or when an interrupt came. Errors: kIo where the browser has ended.
  Result<std::optional<std::string>> receive(Clock::time_point until);

 private:
  explicit BrowserProcess(TemporaryFolder folder) : folder_(std::move(folder)) {}
  Result<void> launch(const std::string& program, bool opens_files);
  std::unexpected<Error> ended() const;

  TemporaryFolder folder_;  // its profile, and what it says on stderr
  pid_t process_ = -1;
  int to_ = -1, from_ = -1;
  std::string unread_;
  size_t searched_ = 0;  // of unread_, for the end of a message
};

}  // namespace shoal::review
