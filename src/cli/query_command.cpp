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
  engine::RowsRequest rows;
};

std::string shown(const query::Value& value) { return value.is_null() ? "NULL" : query::to_text(value); }

void print_counts(u64 rows_passed, u64 rows_scanned, u64 rows_read) {
  fmt::print("{} of {} rows passed; {} were read\n", group_thousands(rows_passed), group_thousands(rows_scanned),
             group_thousands(rows_read));
}

bool is_text(const query::Value& value) {
  return value.kind == query::ValueKind::kString || value.kind == query::ValueKind::kBoolean;
}

// Numbers and times end where their column ends, texts begin where it begins.
void print_table(const engine::RowsAnswer& answer) {
  std::vector<size_t> widths;
  std::vector<bool> is_left(answer.columns.size());
  for (const std::string& column : answer.columns) widths.push_back(column.size());
  for (const auto& row : answer.result.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], shown(row[i]).size());
      if (is_text(row[i])) is_left[i] = true;
    }
  }
  const auto print_row = [&](const auto& text_of) {
    std::string line;
    for (size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) line += "  ";
      line +=
          is_left[i] ? fmt::format("{:<{}}", text_of(i), widths[i]) : fmt::format("{:>{}}", text_of(i), widths[i]);
    }
    fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
  };
  print_row([&](size_t i) { return answer.columns[i]; });
  for (const auto& row : answer.result.rows) print_row([&](size_t i) { return shown(row[i]); });
}

void write_rows(JsonWriter& json, const engine::RowsAnswer& answer) {
  json.key("columns").begin_array();
  for (const std::string& column : answer.columns) json.value(column);
  json.end_array().key("rows").begin_array();
  for (const auto& row : answer.result.rows) {
    json.begin_array();
    for (const query::Value& value : row) json.raw(query::to_json_text(value));
    json.end_array();
  }
  json.end_array()
      .member("rows_scanned", answer.rows_scanned)
      .member("rows_read", answer.rows_read)
      .member("rows_passed", answer.result.rows_passed);
}

// `write(json)` or `print()`, and the profile behind either.
template <class Write, class Print>
Result<void> show(const CommonOptions& options, engine::NativeSession& session, const Write& write,
                  const Print& print) {
  if (options.json) {
    JsonWriter json;
    json.begin_object();
    write(json);
    SHOAL_TRY(add_profile(json, options, session));
    fmt::print("{}\n", json.end_object().text());
    return {};
  }
  SHOAL_TRY_SET(const std::string profile, profile_text(options, session));
  print();
  fmt::print("{}", profile);
  return {};
}

Result<void> run_rows(const QueryOptions& options, engine::NativeSession& session) {
  SHOAL_TRY_SET(const engine::RowsAnswer answer, session.rows(options.rows));
  return show(
      options.common, session, [&](JsonWriter& json) { write_rows(json, answer); },
      [&] {
        print_table(answer);
        print_counts(answer.result.rows_passed, answer.rows_scanned, answer.rows_read);
      });
}

Result<void> run_aggregates(const QueryOptions& options, engine::NativeSession& session) {
  SHOAL_TRY_SET(const engine::QueryAnswer answer, session.query(options.filter, options.aggregates));
  return show(
      options.common, session, [&](JsonWriter& json) { engine::write_answer(json, answer); },
      [&] {
        size_t width = 0;
        for (const std::string& column : answer.columns) width = std::max(width, column.size());
        for (size_t i = 0; i < answer.columns.size(); ++i) {
          fmt::print("{:<{}}  {}\n", answer.columns[i], width, shown(answer.row[i]));
        }
        print_counts(answer.rows_passed, answer.rows_scanned, answer.rows_read);
      });
}

Result<void> run(QueryOptions& options, bool wants_rows) {
  SHOAL_TRY_SET(const engine::SessionOptions session_settings, session_options(options.common));
  SHOAL_TRY_SET(const auto session, engine::NativeSession::open(options.file, session_settings));
  if (!wants_rows) return run_aggregates(options, *session);
  options.rows.filter = options.filter;
  return run_rows(options, *session);
}

}  // namespace

Command query_command(CLI::App& program) {
  const auto options = std::make_shared<QueryOptions>();
  CLI::App* parsed = program.add_subcommand("query", "Aggregates of the rows that pass a filter, or those rows");
  parsed->add_option("FILE", options->file, "A Parquet file")->required();
  parsed->add_option("--filter", options->filter, "A condition, for instance \"delay > 60 AND origin = 'SFO'\"");
  CLI::Option* aggregates = parsed->add_option("--agg", options->aggregates,
                                               "count, sum(c), mean(c), min(c), max(c), separated by commas");
  CLI::Option* limit = parsed->add_option("--limit", options->rows.limit,
                                          "Give the first so many rows that pass, in the order of the file");
  limit->excludes(aggregates);
  parsed->add_option("--columns", options->rows.columns, "Of those rows, separated by commas; left out: all")
      ->needs(limit);
  add_profile_option(*parsed, options->common);
  add_common_options(*parsed, options->common);
  return {parsed, [options, limit] { return run(*options, limit->count() > 0); }, &options->common.json};
}

}  // namespace shoal::cli
