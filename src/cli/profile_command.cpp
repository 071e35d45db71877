#include <memory>
#include <optional>

#include "base/write_file.h"
#include "cli/commands.h"
#include "cli/recording.h"
#include "gpu/native/calibration.h"
#include "review/trace_profile.h"

namespace shoal::cli {

Command profile_command(CLI::App& program) {
  struct Options {
    std::vector<std::string> words;
    std::string format = "text", out, timeline;
    bool json = false;
    review::MeasureOptions measure;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* parsed =
      program.add_subcommand("profile", "Where the time of a program or its trace goes, pass by pass");
  parsed
      ->add_option("TRACE", options->words,
                   "A trace, as `shoal record` writes it; or, behind --, a program and its arguments to record now")
      ->required();
  parsed->add_option("--format", options->format, "text, json, or html: one file with charts")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json", "html"}));
  parsed->add_flag("--json", options->json, "The same as --format json");
  parsed->add_option("-o,--out", options->out, "Write the profile to this file");
  parsed->add_option("--profile", options->timeline,
                     "Also write the timeline for Perfetto or chrome://tracing here");
  parsed->add_option("--repetitions", options->measure.repetitions, "How often the trace is replayed")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1000u));
  parsed->add_option("--timeout", options->measure.timeout_s, "Seconds after which the replay is stopped")
      ->capture_default_str();
  parsed->add_option("--adapter", options->measure.adapter,
                     "Where it is replayed: a name, a number, or 'software'");
  parsed->positionals_at_end();
  const auto run = [options]() -> Result<void> {
    SHOAL_TRY_SET(const gpu::TraceFile file, load_or_record(options->words));
    const review::TraceModel model(file.trace);
    options->measure.roofs_file = gpu::calibration_file();
    SHOAL_TRY_SET(const review::MeasuredPasses measured, review::measure_passes(file.trace, options->measure));
    const review::TraceProfile profile = review::profile_of(model, &measured);
    if (!options->timeline.empty()) SHOAL_TRY(write_text_file(options->timeline, review::chrome_trace(profile)));
    const auto format = options->json || options->format == "json" ? review::ProfileFormat::kJson
                        : options->format == "html"                ? review::ProfileFormat::kHtml
                                                                   : review::ProfileFormat::kText;
    const std::string text = review::format_profile(profile, model, options->words[0], format);
    if (!options->out.empty()) return write_text_file(options->out, text);
    fmt::print("{}", text);
    return {};
  };
  return {parsed, run, &options->json};
}

}  // namespace shoal::cli
