// shoal: point it at a file with many rows and see all of them.
#include <cstdio>

#include "cli/commands.h"

int main(int argc, char** argv) {
  using namespace shoal;
  CLI::App program("See all of a file with many rows.", "shoal");
  program.set_version_flag("--version", SHOAL_VERSION);
  program.require_subcommand(1);
  program.failure_message(CLI::FailureMessage::help);
  const cli::Command commands[] = {cli::info_command(program),     cli::render_command(program),
                                   cli::query_command(program),    cli::explore_command(program),
                                   cli::adapters_command(program), cli::kernels_command(program),
                                   cli::trace_command(program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool is_help = error.get_exit_code() == 0;
    const int code = program.exit(error);
    return is_help ? code : 2;
  }
  for (const cli::Command& command : commands) {
    if (!command.parsed->parsed()) continue;
    if (const Result<void> done = command.run(); !done) return cli::show_error(done.error(), *command.json);
  }
  return 0;
}
