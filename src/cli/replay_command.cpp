#include <memory>

#include "cli/commands.h"
#include "review/replay_process.h"

namespace shoal::cli {

Command replay_command(CLI::App& program) {
  struct Options {
    bool json = false, measure = false;
    u32 repetitions = 5, timeout_s = 600;
    std::string file;
    review::ReplayOptions replay;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* parsed = program.add_subcommand("replay", "Say a trace's commands again: times, and what is read back");
  parsed->add_option("FILE", options->file, "A trace")->required();
  parsed->add_flag("--measure", options->measure, "Repeat it, and give each pass's median");
  parsed->add_option("--repetitions", options->repetitions, "How often --measure repeats it")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1000u));
  parsed->add_option("--timeout", options->timeout_s, "Seconds after which it is stopped")->capture_default_str();
  parsed->add_option("--adapter", options->replay.adapter, "An adapter's name, its number, or 'software'");
  parsed->add_flag("--json", options->json, "One JSON document");
  const auto run = [options]() -> Result<void> {
    if (options->measure) options->replay.repetitions = options->repetitions;
    SHOAL_TRY_SET(const review::ReplayOutcome outcome,
                  review::replay_in_child(options->file, options->replay, options->json, options->timeout_s));
    fmt::print("{}", outcome.report);
    if (!outcome.is_equal) std::exit(1);
    return {};
  };
  return {parsed, run, &options->json};
}

}  // namespace shoal::cli
