#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/page_files.h"
#include "review/replay_process.h"

namespace shoal::cli {
namespace {

struct Options {
  bool json = false, measure = false, browser = false;
  u32 repetitions = 5, timeout_s = 600;
  std::string file;
  review::ReplayOptions replay;
};

Result<review::ReplayOutcome> replay(const Options& options) {
  if (!options.browser) {
    return review::replay_in_child(options.file, options.replay, options.json, options.timeout_s);
  }
  if (!options.replay.adapter.empty()) {
    return fail(
        ErrorCode::kInvalidArgument,
        "--adapter {} is for wgpu-native, and with --browser the browser chooses its adapter. Leave it out.",
        quote(options.replay.adapter));
  }
  SHOAL_TRY_SET(const std::string page, find_page());
  return review::replay_in_browser(options.file, options.replay, options.json, options.timeout_s,
                                   page + "/replay.html");
}

}  // namespace

Command replay_command(CLI::App& program) {
  const auto options = std::make_shared<Options>();
  CLI::App* parsed = program.add_subcommand("replay", "Say a trace's commands again: times, and what is read back");
  parsed->add_option("FILE", options->file, "A trace")->required();
  parsed->add_flag("--measure", options->measure, "Repeat it, and give each pass's median");
  parsed->add_option("--repetitions", options->repetitions, "How often --measure repeats it")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1000u));
  parsed->add_option("--timeout", options->timeout_s, "Seconds after which it is stopped")->capture_default_str();
  parsed->add_option("--adapter", options->replay.adapter, "An adapter's name, its number, or 'software'");
  parsed->add_flag("--browser", options->browser,
                   "By a page's executor in a Chromium that is started for it ($CHROMIUM, or the first on PATH)");
  parsed->add_flag("--json", options->json, "One JSON document");
  const auto run = [options]() -> Result<void> {
    if (options->measure) options->replay.repetitions = options->repetitions;
    SHOAL_TRY_SET(const review::ReplayOutcome outcome, replay(*options));
    fmt::print("{}", outcome.report);
    if (!outcome.is_equal) std::exit(1);
    return {};
  };
  return {parsed, run, &options->json};
}

}  // namespace shoal::cli
