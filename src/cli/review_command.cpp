#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/text.h"
#include "base/write_file.h"
#include "cli/commands.h"
#include "cli/recording.h"
#include "gpu/native/calibration.h"
#include "review/measure_passes.h"
#include "review/prove.h"
#include "review/review_report.h"

namespace shoal::cli {

Command review_command(CLI::App& program) {
  struct Options {
    std::vector<std::string> words;
    std::string format = "text", fail_on, out;
    bool json = false, proves = false, measures = false;
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
  parsed->add_flag("--measure", options->measures, "Replay the trace and time its passes, for text and html");
  parsed->add_option("--repetitions", options->prove.repetitions, "How often --prove and --measure replay each")
      ->capture_default_str()
      ->check(CLI::Range(3u, 1000u));
  parsed
      ->add_option("--timeout", options->prove.timeout_s,
                   "Seconds after which the proof of a finding, and the timing of passes, is stopped")
      ->capture_default_str();
  parsed->add_option("--adapter", options->prove.adapter,
                     "Where --prove and --measure replay: a name, a number, or 'software'");
  const auto run = [options]() -> Result<void> {
    SHOAL_TRY_SET(const gpu::TraceFile file, load_or_record(options->words));
    const review::TraceModel model(file.trace);
    review::Review found =
        review::review(model, gpu::known_call_costs(model.adapter(), model.driver(), gpu::calibration_file()));
    if (options->proves) review::prove(found, model, options->prove);
    const auto format = options->json || options->format == "json" ? review::ReportFormat::kJson
                        : options->format == "sarif"               ? review::ReportFormat::kSarif
                        : options->format == "html"                ? review::ReportFormat::kHtml
                                                                   : review::ReportFormat::kText;
    std::optional<review::MeasuredPasses> measured;
    if (options->measures) {
      SHOAL_TRY_SET(measured, review::measure_passes(file.trace, {.adapter = options->prove.adapter,
                                                                  .repetitions = options->prove.repetitions,
                                                                  .timeout_s = options->prove.timeout_s,
                                                                  .roofs_file = gpu::calibration_file()}));
    }
    const std::string text =
        review::format_review(found, model, options->words[0], format, measured ? &*measured : nullptr);
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
