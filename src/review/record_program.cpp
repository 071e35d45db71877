#include "review/record_program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <dlfcn.h>

#include <wgpu.h>

#include "base/text.h"

namespace shoal::review {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Where a Python interpreter finds the package `wgpu`, which opens the library that lies in it by its path.
std::string python_library(const std::string& interpreter) {
  if (fs::path(interpreter).filename().string().rfind("python", 0) != 0) return "";
  const std::string command = "'" + interpreter +
                              "' -c \"import importlib.util as u; s = u.find_spec('wgpu'); "
                              "print(s.submodule_search_locations[0] if s else '')\" "
                              "2>/dev/null";
  FILE* asked = ::popen(command.c_str(), "r");
  if (asked == nullptr) return "";
  char line[4096] = {};
  const bool is_answered = std::fgets(line, sizeof line, asked) != nullptr;
  ::pclose(asked);
  if (!is_answered) return "";
  std::string package(line, std::strcspn(line, "\n"));
  if (package.empty()) return "";
  for (const char* name : {"libwgpu_native-release.so", "libwgpu_native-debug.so"}) {
    if (const fs::path path = fs::path(package) / "resources" / name; fs::exists(path)) return path.string();
  }
  return "";
}

// The one that this program itself runs on.
std::string own_library() {
  Dl_info info{};
  return dladdr(reinterpret_cast<const void*>(&wgpuCreateInstance), &info) != 0 ? info.dli_fname : "";
}

// Runs the command; the status that waitpid gives.
Result<int> run(const RecordOptions& options, const std::string& trace) {
  std::string library = options.library;
  if (library.empty()) library = variable("WGPU_LIB_PATH");
  if (library.empty()) library = python_library(options.command.front());
  if (library.empty()) library = own_library();
  const std::string preloaded = variable("LD_PRELOAD");
  const std::string preload = preloaded.empty() ? options.recorder : options.recorder + ":" + preloaded;
  std::vector<char*> arguments;
  for (const std::string& argument : options.command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0)
    return fail(ErrorCode::kIo, "A pipe cannot be made: {}.", std::strerror(errno));
  const pid_t child = ::fork();
  if (child < 0) return fail(ErrorCode::kIo, "A process cannot be started: {}.", std::strerror(errno));
  if (child == 0) {
    ::setenv("SHOAL_RECORD_TO", trace.c_str(), 1);
    ::setenv("SHOAL_RECORD_LIBRARY", library.c_str(), 1);
    ::setenv("WGPU_LIB_PATH", options.recorder.c_str(), 1);
    ::setenv("LD_PRELOAD", preload.c_str(), 1);
    ::execvp(arguments[0], arguments.data());
    const int error = errno;
    [[maybe_unused]] const ssize_t told = ::write(report[1], &error, sizeof error);
    ::_exit(127);
  }
  ::close(report[1]);
  // Interrupting is for the program; what it has said until then is kept.
  const auto before = std::signal(SIGINT, SIG_IGN);
  int error = 0;
  const ssize_t told = ::read(report[0], &error, sizeof error);
  ::close(report[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::signal(SIGINT, before);
  if (told == sizeof error) {
    return fail(ErrorCode::kNotFound, "{} cannot be run: {}. Check its name.", quote(options.command.front()),
                std::strerror(error));
  }
  return status;
}

}  // namespace

Result<RecordReport> record_program(const RecordOptions& options) {
  if (!fs::exists(options.recorder)) {
    return fail(ErrorCode::kNotFound, "The recorder {} is not there. Build it with './dev build'.",
                quote(options.recorder));
  }
  std::error_code error;
  SHOAL_TRY(check_folder_of(options.out));
  const fs::path out = fs::absolute(options.out, error);
  const std::string recording = fmt::format("{}.{}.recording", out.string(), ::getpid());
  const auto start = std::chrono::steady_clock::now();
  SHOAL_TRY_SET(const int status, run(options, recording));
  RecordReport report;
  report.host_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  report.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  report.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  // Further processes write beside it, with their number behind the name.
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(out.parent_path(), error)) {
    if (entry.path().string().starts_with(recording)) found.push_back(entry.path().string());
  }
  std::ranges::sort(found);
  if (found.empty()) {
    return fail(
        ErrorCode::kNotFound,
        "{} used no WebGPU that can be recorded: it called no function of wgpu-native. Programs that link it and "
        "those that open it at WGPU_LIB_PATH are recorded.",
        quote(options.command.front()));
  }
  for (const std::string& path : found) {
    SHOAL_TRY(finish_trace(path, out.string() + path.substr(recording.size()), report));
  }
  return report;
}

}  // namespace shoal::review
