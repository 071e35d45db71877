#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "review/record_program.h"

namespace shoal::cli {
namespace {

// Built beside the program.
std::string recorder_path() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / "libshoal_record.so").string();
}

std::string names(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& name : list) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void show(const review::RecordReport& report) {
  fmt::print(stderr, "{} commands, {} submissions, {} frames in {} bytes: {}\n", report.commands,
             report.submissions, report.frames, report.trace_bytes, names(report.traces));
  if (report.signal != 0) {
    fmt::print(stderr, "The program was ended by signal {}; the trace has what it said until then.\n",
               report.signal);
  }
  if (!report.unrecorded.empty()) fmt::print(stderr, "Called and not recorded: {}\n", names(report.unrecorded));
  if (!report.unsupported.empty()) fmt::print(stderr, "Recorded by name only: {}\n", names(report.unsupported));
}

}  // namespace

Command record_command(CLI::App& program) {
  struct Options {
    bool json = false;
    review::RecordOptions record;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* parsed = program.add_subcommand("record", "A trace of what a program says to its GPU");
  parsed->add_option("-o,--out", options->record.out, "Where to write the trace")->required();
  parsed->add_option("--library", options->record.library, "The program's wgpu-native, if it opens it by a path");
  parsed->add_flag("--json", options->json, "One JSON document; the program's own output stays as it is");
  parsed->add_option("COMMAND", options->record.command, "The program and its arguments, behind --")->required();
  parsed->positionals_at_end();
  const auto run = [options]() -> Result<void> {
    options->record.recorder = recorder_path();
    SHOAL_TRY_SET(const review::RecordReport report, review::record_program(options->record));
    if (options->json) {
      fmt::print("{}\n", review::record_json(report));
    } else {
      show(report);
    }
    // The recorded program's code is this one's, as of a shell.
    const int code = report.signal != 0 ? 128 + report.signal : report.exit_code;
    if (code != 0) std::exit(code);
    return {};
  };
  return {parsed, run, &options->json};
}

}  // namespace shoal::cli
