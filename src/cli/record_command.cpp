#include <memory>

#include "cli/commands.h"
#include "cli/recording.h"

namespace shoal::cli {
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
    SHOAL_TRY_SET(const review::RecordReport report, run_recorded(options->record));
    if (options->json) {
      fmt::print("{}\n", review::record_json(report));
    } else {
      show_recording(report);
    }
    // The recorded program's code is this one's, as of a shell.
    const int code = report.signal != 0 ? 128 + report.signal : report.exit_code;
    if (code != 0) std::exit(code);
    return {};
  };
  return {parsed, run, &options->json};
}

}  // namespace shoal::cli
