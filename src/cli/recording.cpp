#include "cli/recording.h"

#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/page_files.h"
#include "review/temporary_folder.h"

namespace shoal::cli {
namespace {

std::string names(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& name : list) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// A file that may be run is a program, and so is what has arguments; a page is named by its address.
bool is_to_be_run(const std::vector<std::string>& words) {
  return words.size() > 1 || !review::page_url(words[0]).empty() ||
         (std::filesystem::is_regular_file(words[0]) && access(words[0].c_str(), X_OK) == 0);
}

}  // namespace

Result<review::RecordReport> run_recorded(review::RecordOptions options) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  options.recorder = (program.parent_path() / "libshoal_record.so").string();
  return review::record_program(options);
}

Result<review::RecordReport> run_recorded(review::RecordPageOptions options) {
  SHOAL_TRY_SET(const std::string page, find_page());
  options.recorder = page + "/record.js";
  return review::record_page(options);
}

void show_recording(const review::RecordReport& report) {
  fmt::print(stderr, "{} commands, {} submissions, {} frames in {} bytes: {}\n", report.commands,
             report.submissions, report.frames, report.trace_bytes, names(report.traces));
  if (!report.ending.empty()) {
    fmt::print(stderr, "{}\n", report.ending);
  } else if (report.signal != 0) {
    fmt::print(stderr, "The program was ended by signal {}; the trace has what it said until then.\n",
               report.signal);
  } else if (report.exit_code != 0) {
    fmt::print(stderr, "The program ended with exit code {}.\n", report.exit_code);
  }
  if (!report.unrecorded.empty()) fmt::print(stderr, "Called and not recorded: {}\n", names(report.unrecorded));
  if (!report.unsupported.empty()) fmt::print(stderr, "Recorded by name only: {}\n", names(report.unsupported));
}

namespace {

// The trace of a run of that program, or of that page; its file is gone again.
Result<gpu::TraceFile> load_recorded(const std::vector<std::string>& command) {
  SHOAL_TRY_SET(const review::TemporaryFolder folder, review::TemporaryFolder::make("shoal-record"));
  const std::string out = folder.path() + "/program.trace";
  const std::string url = command.size() == 1 ? review::page_url(command[0]) : "";
  const auto record = [&]() -> Result<review::RecordReport> {
    if (!url.empty()) return run_recorded(review::RecordPageOptions{.out = out, .url = url, .recorder = {}});
    return run_recorded(review::RecordOptions{.out = out, .recorder = {}, .library = {}, .command = command});
  };
  SHOAL_TRY_SET(const review::RecordReport report, record());
  show_recording(report);
  if (report.traces.size() != 1) {
    return fail(
        ErrorCode::kUnsupported,
        "{} left {} traces, one of each of its processes or threads. Use `shoal record`, then take one of them.",
        quote(command[0]), report.traces.size());
  }
  return gpu::load_trace(report.traces[0]);
}

}  // namespace

Result<gpu::TraceFile> load_or_record(const std::vector<std::string>& words) {
  return is_to_be_run(words) ? load_recorded(words) : gpu::load_trace(words[0]);
}

}  // namespace shoal::cli
