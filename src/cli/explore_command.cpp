#include <memory>

#include "cli/commands.h"
#include "cli/view_command.h"

namespace shoal::cli {

Command explore_command(CLI::App& program) {
  const auto options = std::make_shared<ViewOptions>();
  const auto keep_closed = std::make_shared<bool>(false);
  static constexpr bool kNoJson = false;
  CLI::App* parsed = program.add_subcommand("view", "The explorer in the browser, served to this machine only");
  parsed->add_option("FILE", options->file, "A Parquet file")->required();
  parsed->add_option("--port", options->port, "Of the server; any free one when left out");
  parsed->add_flag("--no-open", *keep_closed, "Print the address and open no browser");
  const auto run = [options, keep_closed] {
    options->open_browser = !*keep_closed;
    return view_command(*options);
  };
  return {parsed, run, &kNoJson};
}

}  // namespace shoal::cli
