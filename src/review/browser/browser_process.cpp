#include "review/browser/browser_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "review/browser/interrupts.h"

namespace shoal::review {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNames[] = {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"};
// Where a browser reads messages and writes its own, each ended by a zero.
constexpr int kItReads = 3, kItWrites = 4;
// A browser that sends without end is not listened to without end.
constexpr size_t kLongestMessage = size_t{512} << 20;
// An interrupt just before a poll does not end it.
constexpr long long kLongestPollMs = 200;

std::string on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (const fs::path found = fs::path(folder) / name; ::access(found.c_str(), X_OK) == 0) return found.string();
  }
  return "";
}

Result<std::string> find_browser() {
  if (const char* named = std::getenv("CHROMIUM"); named != nullptr && *named != '\0') {
    if (::access(named, X_OK) == 0) return named;
    return fail(ErrorCode::kNotFound, "CHROMIUM names {}, which cannot be run: {}. Set it to a Chromium's path.",
                quote(named), std::strerror(errno));
  }
  for (const char* name : kNames) {
    if (std::string found = on_path(name); !found.empty()) return found;
  }
  return fail(ErrorCode::kNotFound,
              "There is no Chromium here: neither {}, {} nor {} is on PATH. Install one (on Debian and Ubuntu: "
              "apt-get install "
              "chromium), or set CHROMIUM to the path of one.",
              kNames[0], kNames[1], kNames[2]);
}

bool has_gpu() {
  std::error_code error;
  if (fs::exists("/dev/nvidiactl", error)) return true;
  for (const auto& entry : fs::directory_iterator("/dev/dri", error)) {
    if (entry.path().filename().string().starts_with("renderD")) return true;
  }
  return false;
}

std::vector<std::string> arguments_of(const std::string& program, const std::string& profile, bool opens_files) {
  std::vector<std::string> arguments = {program,
                                        "--headless=new",
                                        "--remote-debugging-pipe",
                                        "--user-data-dir=" + profile,
                                        "--no-first-run",
                                        "--no-default-browser-check",
                                        "--disable-component-update",
                                        "--disable-background-networking",
                                        "--disable-dev-shm-usage",
                                        "--disable-sync",
                                        "--mute-audio",
                                        "--disable-background-timer-throttling",
                                        "--disable-renderer-backgrounding",
                                        "--disable-backgrounding-occluded-windows",
                                        "--enable-unsafe-webgpu",
                                        "--enable-webgpu-developer-features",
                                        "--enable-features=Vulkan"};
  const auto add = [&](auto... more) { (arguments.emplace_back(more), ...); };
  if (has_gpu()) {
    add("--ignore-gpu-blocklist");
  } else {
    add("--use-vulkan=swiftshader", "--use-angle=vulkan");
  }
  if (opens_files) add("--allow-file-access-from-files");  // modules and workers of such pages are others to it
  if (::geteuid() == 0) add("--no-sandbox");               // it refuses to run as root otherwise
  add("about:blank");
  return arguments;
}

// The child's side: never returns.
[[noreturn]] void become(std::vector<std::string>& arguments, int reads, int writes, const std::string& log,
                         int report) {
  // Both above the numbers that they are to have.
  const int from = ::fcntl(reads, F_DUPFD, 10), to = ::fcntl(writes, F_DUPFD, 10);
  const int own_report = ::fcntl(report, F_DUPFD_CLOEXEC, 10);
  ::dup2(from, kItReads);
  ::dup2(to, kItWrites);
  ::close(from);
  ::close(to);
  const int nothing = ::open("/dev/null", O_RDWR);
  const int said = ::open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(said, STDERR_FILENO);
  ::setpgid(0, 0);  // its processes are ended together, and an interrupt is not for it
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  ::execv(words[0], words.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(own_report, &error, sizeof error);
  ::_exit(127);
}

// The last line that is not empty.
std::string last_line(const std::string& path) {
  std::ifstream file(path);
  std::string line, last;
  while (std::getline(file, line)) {
    if (!line.empty()) last = line;
  }
  return last.substr(0, 300);
}

}  // namespace

Result<std::unique_ptr<BrowserProcess>> BrowserProcess::start(bool opens_files) {
  SHOAL_TRY_SET(const std::string program, find_browser());
  SHOAL_TRY_SET(TemporaryFolder folder, TemporaryFolder::make("shoal-browser"));
  std::unique_ptr<BrowserProcess> browser(new BrowserProcess(std::move(folder)));
  SHOAL_TRY(browser->launch(program, opens_files));
  return browser;
}

Result<void> BrowserProcess::launch(const std::string& program, bool opens_files) {
  std::vector<std::string> arguments = arguments_of(program, folder_.path() + "/profile", opens_files);
  int down[2] = {-1, -1}, up[2] = {-1, -1}, report[2] = {-1, -1};
  const bool has_pipes =
      ::pipe2(down, O_CLOEXEC) == 0 && ::pipe2(up, O_CLOEXEC) == 0 && ::pipe2(report, O_CLOEXEC) == 0;
  if (has_pipes) process_ = ::fork();
  if (process_ == 0) become(arguments, down[0], up[1], folder_.path() + "/stderr", report[1]);
  const int fork_error = errno;
  for (const int end : {down[0], up[1], report[1]}) {
    if (end >= 0) ::close(end);
  }
  to_ = down[1];
  from_ = up[0];
  int error = 0;
  const bool is_told = process_ > 0 && ::read(report[0], &error, sizeof error) == sizeof error;
  if (report[0] >= 0) ::close(report[0]);
  if (process_ < 0)
    return fail(ErrorCode::kIo, "{} cannot be started: {}.", quote(program), std::strerror(fork_error));
  if (is_told) return fail(ErrorCode::kNotFound, "{} cannot be run: {}.", quote(program), std::strerror(error));
  return {};
}

BrowserProcess::~BrowserProcess() {
  for (const int end : {to_, from_}) {
    if (end >= 0) ::close(end);
  }
  if (process_ <= 0) return;
  ::kill(-process_, SIGKILL);
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::unexpected<Error> BrowserProcess::ended() const {
  const std::string said = last_line(folder_.path() + "/stderr");
  return fail(ErrorCode::kIo, "The browser ended by itself. {}",
              said.empty() ? "It said nothing about it." : fmt::format("The last that it said was: {}", said));
}

Result<void> BrowserProcess::send(std::string_view message) {
  const std::string ended_by_zero = std::string(message) + '\0';
  // A browser that is gone is an error here and not the end of this process.
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  bool is_sent = true;
  for (size_t done = 0; done < ended_by_zero.size() && is_sent;) {
    const ssize_t put = ::write(to_, ended_by_zero.data() + done, ended_by_zero.size() - done);
    if (put < 0 && errno == EINTR) continue;
    is_sent = put > 0;
    done += static_cast<size_t>(std::max<ssize_t>(put, 0));
  }
  std::signal(SIGPIPE, before);
  if (!is_sent) return ended();
  return {};
}

Result<std::optional<std::string>> BrowserProcess::receive(Clock::time_point until) {
  for (;;) {
    if (const size_t end = unread_.find('\0', searched_); end != std::string::npos) {
      std::string message = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      searched_ = 0;
      return message;
    }
    searched_ = unread_.size();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0 || Interrupts::came()) return std::nullopt;
    pollfd waiting{.fd = from_, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<long long>(left, kLongestPollMs)));
    if (ready <= 0) continue;
    char buffer[65536];
    const ssize_t got = ::read(from_, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return ended();
    unread_.append(buffer, static_cast<size_t>(got));
    if (unread_.size() > kLongestMessage) {
      return fail(ErrorCode::kIo, "The browser sent a message of more than {}.", format_bytes(kLongestMessage));
    }
  }
}

}  // namespace shoal::review
