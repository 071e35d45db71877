#include "review/child_process.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "base/text.h"

namespace shoal::review {
namespace {

// Never returns.
[[noreturn]] void run_child(const std::function<int(std::string& text)>& work, int to) {
  std::string text;
  const int code = work(text);
  for (size_t done = 0; done < text.size();) {
    const ssize_t put = ::write(to, text.data() + done, text.size() - done);
    if (put <= 0) break;
    done += static_cast<size_t>(put);
  }
  ::close(to);
  // Without destructors: a driver that fails when it is closed would make work that is done work that failed.
  ::_exit(code);
}

// All that comes until the other end closes; false when the time is over before.
bool read_all(int from, u32 timeout_s, std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(timeout_s);
  char buffer[65536];
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{.fd = from, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<long long>(left.count(), 1000)));
    if (ready <= 0) continue;
    const ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    text.append(buffer, static_cast<size_t>(got));
  }
}

}  // namespace

Result<ChildOutcome> run_in_child(const std::function<int(std::string& text)>& work, u32 timeout_s) {
  int channel[2];
  if (::pipe(channel) != 0) return fail(ErrorCode::kIo, "A pipe cannot be made: {}.", std::strerror(errno));
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(channel[0]);
    ::close(channel[1]);
    return fail(ErrorCode::kIo, "A process cannot be started: {}.", std::strerror(errno));
  }
  if (child == 0) {
    ::close(channel[0]);
    run_child(work, channel[1]);
  }
  ::close(channel[1]);
  ChildOutcome outcome;
  const bool is_in_time = read_all(channel[0], timeout_s, outcome.text);
  ::close(channel[0]);
  if (!is_in_time) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!is_in_time) {
    return fail(ErrorCode::kDevice,
                "The replay did not end within {} s, so its process was stopped. Allow it more with --timeout.",
                timeout_s);
  }
  if (WIFSIGNALED(status)) {
    return fail(
        ErrorCode::kDevice,
        "The replay ended the process that did it (signal {}, {}). The driver or wgpu-native did not survive what "
        "the trace says; `shoal trace print` shows it.",
        WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  outcome.code = WEXITSTATUS(status);
  return outcome;
}

}  // namespace shoal::review
