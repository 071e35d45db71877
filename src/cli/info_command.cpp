#include <memory>
#include <numeric>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/profile_output.h"
#include "engine/column_summary.h"

namespace shoal::cli {
namespace {

struct InfoOptions {
  CommonOptions common;
  std::string file;
};

Result<void> run(const InfoOptions& options) {
  SHOAL_TRY_SET(const engine::SessionOptions session_settings, session_options(options.common));
  SHOAL_TRY_SET(const auto session, engine::NativeSession::open(options.file, session_settings));
  std::vector<size_t> readable;
  for (size_t c = 0; c < session->table().columns().size(); ++c) {
    if (session->table().columns()[c].source.unsupported.empty()) readable.push_back(c);
  }
  SHOAL_TRY(session->load(readable));
  const table::Table& table = session->table();

  if (options.common.json) {
    JsonWriter json;
    json.begin_object()
        .member("file", options.file)
        .member("rows", table.rows())
        .member("chunks", table.chunks().size())
        .member("gpu_bytes", table.size_bytes())
        .key("columns")
        .begin_array();
    for (const table::Column& column : table.columns()) {
      const engine::ColumnSummary summary = engine::summarize(column);
      json.begin_object()
          .member("name", column.source.name)
          .member("type", summary.type)
          .member("encoding", summary.encoding)
          .member("nulls", summary.nulls)
          .key("min")
          .raw(query::to_json_text(summary.min))
          .key("max")
          .raw(query::to_json_text(summary.max))
          .member("gpu_bytes", summary.gpu_bytes)
          .member("stored_bytes", column.source.stored_bytes);
      if (!column.source.unsupported.empty()) json.member("unsupported", column.source.unsupported);
      json.end_object();
    }
    json.end_array();
    SHOAL_TRY(add_profile(json, options.common, *session));
    fmt::print("{}\n", json.end_object().text());
    return {};
  }
  SHOAL_TRY_SET(const std::string profile, profile_text(options.common, *session));
  fmt::print("{}\n{} rows in {} chunks, {} on the GPU ({:.2f} bytes a row)\n\n", options.file,
             group_thousands(table.rows()), table.chunks().size(), format_bytes(table.size_bytes()),
             table.rows() == 0 ? 0.0 : static_cast<double>(table.size_bytes()) / static_cast<double>(table.rows()));
  std::vector<std::array<std::string, 7>> lines = {{"column", "type", "encoding", "nulls", "min", "max", "GPU"}};
  for (const table::Column& column : table.columns()) {
    const engine::ColumnSummary summary = engine::summarize(column);
    lines.push_back({column.source.name, summary.type, summary.encoding, group_thousands(summary.nulls),
                     query::to_text(summary.min), query::to_text(summary.max), format_bytes(summary.gpu_bytes)});
  }
  std::array<size_t, 7> widths = {};
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i)
      fmt::print("{:<{}}{}", line[i], widths[i], i + 1 < line.size() ? "  " : "\n");
  }
  for (const table::Column& column : table.columns()) {
    if (!column.source.unsupported.empty()) fmt::print("\n{}\n", column.source.unsupported);
  }
  fmt::print("{}", profile);
  return {};
}

}  // namespace

Command info_command(CLI::App& program) {
  const auto options = std::make_shared<InfoOptions>();
  CLI::App* parsed = program.add_subcommand("info", "Columns, types, encodings, ranges and bytes of a file");
  parsed->add_option("FILE", options->file, "A Parquet file")->required();
  add_profile_option(*parsed, options->common);
  add_common_options(*parsed, options->common);
  return {parsed, [options] { return run(*options); }, &options->common.json};
}

}  // namespace shoal::cli
