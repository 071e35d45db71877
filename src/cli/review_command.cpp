#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "base/write_file.h"
#include "cli/commands.h"
#include "cli/recording.h"
#include "gpu/native/trace_file.h"
#include "review/prove.h"
#include "review/review_report.h"
#include "review/temporary_folder.h"

namespace shoal::cli {
namespace {

// A file that may be run is a program, and so is what has arguments; a page is named by its address.
bool is_to_be_run(const std::vector<std::string>& words) {
  return words.size() > 1 || !review::page_url(words[0]).empty() ||
         (std::filesystem::is_regular_file(words[0]) && access(words[0].c_str(), X_OK) == 0);
}

// The trace of a run of that program, or of that page; its file is gone again.
Result<gpu::TraceFile> load_recorded(const std::vector<std::string>& command) {
  SHOAL_TRY_SET(const review::TemporaryFolder folder, review::TemporaryFolder::make("shoal-review"));
  const std::string out = folder.path() + "/program.trace";
  const std::string url = command.size() == 1 ? review::page_url(command[0]) : "";
  const auto record = [&]() -> Result<review::RecordReport> {
    if (!url.empty()) return run_recorded(review::RecordPageOptions{.out = out, .url = url, .recorder = {}});
    return run_recorded(review::RecordOptions{.out = out, .recorder = {}, .library = {}, .command = command});
  };
  SHOAL_TRY_SET(const review::RecordReport report, record());
  show_recording(report);
  if (report.traces.size() != 1) {
    return fail(ErrorCode::kUnsupported,
                "{} left {} traces, one of each of its processes or threads. Use `shoal record`, then review each.",
                quote(command[0]), report.traces.size());
  }
  return gpu::load_trace(report.traces[0]);
}

}  // namespace

Command review_command(CLI::App& program) {
  struct Options {
    std::vector<std::string> words;
    std::string format = "text", fail_on, out;
    bool json = false, proves = false;
    review::ProveOptions prove;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* parsed =
      program.add_subcommand("review", "What makes a program or its trace slow, and what to change first");
  parsed
      ->add_option("TRACE", options->words,
                   "A trace, as `shoal record` writes it; or a page's address; or, behind --, a program and its "
                   "arguments to record now")
      ->required();
  parsed->add_option("--format", options->format, "text, json, sarif, or html: one file with charts")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json", "sarif", "html"}));
  parsed->add_flag("--json", options->json, "The same as --format json");
  parsed->add_option("-o,--out", options->out, "Write the report to this file");
  parsed->add_option("--fail-on", options->fail_on, "Exit with 1 where a finding is as severe: low, medium, high")
      ->check(CLI::IsMember({"low", "medium", "high"}));
  parsed->add_flag("--prove", options->proves,
                   "Replay the trace with each fix and without it, and measure the gain");
  parsed->add_option("--repetitions", options->prove.repetitions, "How often --prove replays each")
      ->capture_default_str()
      ->check(CLI::Range(3u, 1000u));
  parsed->add_option("--timeout", options->prove.timeout_s, "Seconds after which the proof of a finding is stopped")
      ->capture_default_str();
  parsed->add_option("--adapter", options->prove.adapter, "Where --prove replays: a name, a number, or 'software'");
  const auto run = [options]() -> Result<void> {
    SHOAL_TRY_SET(const gpu::TraceFile file, is_to_be_run(options->words) ? load_recorded(options->words)
                                                                          : gpu::load_trace(options->words[0]));
    const review::TraceModel model(file.trace);
    review::Review found = review::review(model);
    if (options->proves) review::prove(found, model, options->prove);
    const auto format = options->json || options->format == "json" ? review::ReportFormat::kJson
                        : options->format == "sarif"               ? review::ReportFormat::kSarif
                        : options->format == "html"                ? review::ReportFormat::kHtml
                                                                   : review::ReportFormat::kText;
    const std::string text = review::format_review(found, model, options->words[0], format);
    if (options->out.empty()) {
      fmt::print("{}", text);
    } else {
      SHOAL_TRY(write_text_file(options->out, text));
    }
    if (options->fail_on.empty()) return {};
    const review::Severity least = *review::severity_named(options->fail_on);
    for (const review::ReviewedFinding& finding : found.findings) {
      // What a replay refuted fails nothing.
      if (finding.severity >= least && finding.gain.kind != review::GainKind::kRefuted) {
        std::fflush(stdout);
        std::exit(1);
      }
    }
    return {};
  };
  return {parsed, run, &options->json};
}

Command explain_command(CLI::App& program) {
  struct Options {
    bool json = false;
    std::string rule;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* parsed = program.add_subcommand("explain", "Why a rule of `shoal review` is one, and when it is not");
  parsed->add_option("RULE", options->rule, "Its name; without one, all are listed");
  const auto run = [options]() -> Result<void> {
    if (options->rule.empty()) {
      for (const review::Rule* rule : review::all_rules()) fmt::print("{:<22} {}\n", rule->name, rule->title);
      return {};
    }
    if (const review::Rule* rule = review::find_rule(options->rule); rule != nullptr) {
      fmt::print("{}", review::explain(*rule));
      return {};
    }
    std::vector<std::string> names;
    for (const review::Rule* rule : review::all_rules()) names.emplace_back(rule->name);
    return fail(ErrorCode::kNotFound, "There is no rule {}.{} `shoal explain` lists all.", quote(options->rule),
                did_you_mean(options->rule, names));
  };
  return {parsed, run, &options->json};
}

}  // namespace shoal::cli
