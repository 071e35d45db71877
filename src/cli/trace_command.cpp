#include <memory>

#include "cli/commands.h"
#include "gpu/native/trace_print.h"

namespace shoal::cli {

Command trace_command(CLI::App& program) {
  struct Options {
    bool json = false;
    std::string file;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* parsed = program.add_subcommand("trace", "What was said to a GPU");
  parsed->require_subcommand(1);
  CLI::App* print = parsed->add_subcommand("print", "The text of a trace that --trace saved");
  print->add_option("FILE", options->file, "A trace")->required();
  print->add_flag("--json", options->json, "One JSON array");
  const auto run = [options]() -> Result<void> {
    SHOAL_TRY_SET(const std::string text, gpu::print_trace(options->file, options->json));
    fmt::print("{}", text);
    return {};
  };
  return {print, run, &options->json};
}

}  // namespace shoal::cli
