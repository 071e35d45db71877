#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/profile_output.h"
#include "engine/query_answer.h"

namespace shoal::cli {
namespace {

struct QueryOptions {
  CommonOptions common;
  std::string file, filter, aggregates = "count";
};

Result<void> run(const QueryOptions& options) {
  SHOAL_TRY_SET(const engine::SessionOptions session_settings, session_options(options.common));
  SHOAL_TRY_SET(const auto session, engine::NativeSession::open(options.file, session_settings));
  SHOAL_TRY_SET(const engine::QueryAnswer answer, session->query(options.filter, options.aggregates));
  if (options.common.json) {
    JsonWriter json;
    json.begin_object();
    engine::write_answer(json, answer);
    SHOAL_TRY(add_profile(json, options.common, *session));
    fmt::print("{}\n", json.end_object().text());
    return {};
  }
  SHOAL_TRY_SET(const std::string profile, profile_text(options.common, *session));
  size_t width = 0;
  for (const std::string& column : answer.columns) width = std::max(width, column.size());
  for (size_t i = 0; i < answer.columns.size(); ++i) {
    const query::Value& value = answer.row[i];
    fmt::print("{:<{}}  {}\n", answer.columns[i], width, value.is_null() ? "NULL" : query::to_text(value));
  }
  fmt::print("{} of {} rows passed; {} were read\n", group_thousands(answer.rows_passed),
             group_thousands(answer.rows_scanned), group_thousands(answer.rows_read));
  fmt::print("{}", profile);
  return {};
}

}  // namespace

Command query_command(CLI::App& program) {
  const auto options = std::make_shared<QueryOptions>();
  CLI::App* parsed = program.add_subcommand("query", "Aggregates of the rows that pass a filter");
  parsed->add_option("FILE", options->file, "A Parquet file")->required();
  parsed->add_option("--filter", options->filter, "A condition, for instance \"delay > 60 AND origin = 'SFO'\"");
  parsed->add_option("--agg", options->aggregates, "count, sum(c), mean(c), min(c), max(c), separated by commas");
  add_profile_option(*parsed, options->common);
  add_common_options(*parsed, options->common);
  return {parsed, [options] { return run(*options); }, &options->common.json};
}

}  // namespace shoal::cli
