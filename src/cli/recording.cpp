#include "cli/recording.h"

#include <filesystem>

#include <fmt/format.h>

#include "cli/page_files.h"

namespace shoal::cli {
namespace {

std::string names(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& name : list) text += (text.empty() ? "" : ", ") + name;
  return text;
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

}  // namespace shoal::cli
