#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/recording.h"

namespace shoal::cli {
namespace {

struct Options {
  bool json = false;
  std::vector<std::string> words;
  review::RecordOptions program;
  review::RecordPageOptions page;
};

// An option that says nothing about what is recorded is a mistake.
Result<void> check_options(const CLI::App& parsed, const std::string& recorded, bool is_page) {
  const std::vector<const char*> others = is_page ? std::vector{"--library"} : std::vector{"--frames", "--seconds"};
  for (const char* option : others) {
    if (parsed.count(option) == 0) continue;
    return fail(ErrorCode::kInvalidArgument, "{} is for {}, and {} is a {}. Leave it out.", option,
                is_page ? "programs" : "pages", quote(recorded), is_page ? "page" : "program");
  }
  return {};
}

Result<review::RecordReport> record(const CLI::App& parsed, Options& options) {
  const std::string& recorded = options.words[0];
  options.page.url = review::page_url(recorded);
  const bool is_page = !options.page.url.empty();
  SHOAL_TRY(check_options(parsed, recorded, is_page));
  if (!is_page) {
    options.program.command = options.words;
    return run_recorded(options.program);
  }
  if (options.words.size() > 1) {
    return fail(ErrorCode::kInvalidArgument, "{} is a page, and pages take no arguments; {} follows. Leave it out.",
                quote(recorded), quote(options.words[1]));
  }
  options.page.out = options.program.out;
  return run_recorded(options.page);
}

}  // namespace

Command record_command(CLI::App& program) {
  const auto options = std::make_shared<Options>();
  CLI::App* parsed = program.add_subcommand("record", "A trace of what a program or a page says to its GPU");
  parsed->add_option("-o,--out", options->program.out, "Where to write the trace")->required();
  parsed->add_option("--library", options->program.library, "The program's wgpu-native, if it opens it by a path");
  parsed->add_option("--frames", options->page.frames, "A page is recorded for so many frames")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1'000'000u));
  parsed->add_option("--seconds", options->page.seconds, "and no longer than this")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 86'400.0));
  parsed->add_flag("--json", options->json, "One JSON document; the program's own output stays as it is");
  parsed
      ->add_option(
          "COMMAND", options->words,
          "The program and its arguments, behind --; or a page: http://, https://, file: or a path to .html")
      ->required();
  const auto run = [parsed, options]() -> Result<void> {
    SHOAL_TRY_SET(const review::RecordReport report, record(*parsed, *options));
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
