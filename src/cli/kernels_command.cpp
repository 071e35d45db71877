// `shoal bench` on the parser's side; bench_command.cpp measures.
#include <memory>

#include "cli/bench_command.h"
#include "cli/commands.h"

namespace shoal::cli {

Command kernels_command(CLI::App& program) {
  struct Options {
    CommonOptions common;
    std::string name, traces;
    u64 rows = u64{1} << 24;
    bool tunes = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* parsed = program.add_subcommand("bench", "Speed of the kernels beside the adapter's roofs, in one run");
  parsed->add_option("NAME", options->name, "Only those whose name has this in it");
  parsed->add_option("--rows", options->rows, "Elements of each");
  parsed->add_option("--traces", options->traces,
                     "Instead of measuring, leave a trace of each in this folder, for ./dev gpu-batch");
  parsed->add_flag("--tune", options->tunes,
                   "Try the constants that NAME (a primitive's, of src/primitives/tuning/tuning_table.h) can have, "
                   "and print the best row "
                   "for this adapter");
  add_common_options(*parsed, options->common);
  const auto run = [options]() -> Result<void> {
    SHOAL_TRY_SET(const engine::SessionOptions session, session_options(options->common));
    SHOAL_TRY_SET(const std::string text, run_bench_command({.name = options->name,
                                                             .rows = options->rows,
                                                             .adapter = session.adapter,
                                                             .tier = session.tier,
                                                             .json = options->common.json,
                                                             .traces = options->traces,
                                                             .tunes = options->tunes}));
    fmt::print("{}", text);
    return {};
  };
  return {parsed, run, &options->common.json};
}

}  // namespace shoal::cli
