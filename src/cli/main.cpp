// shoal: point it at a file with many rows and see all of them.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>

#include "base/text.h"
#include "cli/commands.h"

namespace shoal::cli {
namespace {

// What CLI11 says of a command line, as a sentence that says where to read on.
Error usage_error(const CLI::App& program, const CLI::ParseError& error, int argc, char** argv) {
  std::string command = "shoal";
  std::vector<std::string> names;
  for (const CLI::App* known : program.get_subcommands(nullptr)) {
    names.push_back(known->get_name());
    if (known->parsed()) command += " " + known->get_name();
  }
  const auto help = fmt::format("Run '{} --help' to see what it takes.", command);
  const std::string first = argc > 1 ? argv[1] : "";
  if (!first.empty() && first.front() != '-' && std::ranges::count(names, first) == 0) {
    return {ErrorCode::kInvalidArgument,
            fmt::format("There is no command {}.{} {}", quote(first), did_you_mean(first, names), help),
            {}};
  }
  std::string what = error.what();
  std::ranges::replace(what, '\n', ' ');
  return {ErrorCode::kInvalidArgument, fmt::format("The command line is not understood: {}. {}", what, help), {}};
}

// Runs the command that was chosen and sees that its answer has left the program.
Result<void> run(const Command& command) {
  const auto lost = [](int number) {
    return fail(ErrorCode::kIo, "The answer could not be written to standard output: {}.", std::strerror(number));
  };
  try {
    SHOAL_TRY(command.run());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kOutOfMemory, "There is no memory left. Close other programs, or use a smaller file.");
  } catch (const std::system_error& error) {
    return lost(error.code().value());  // of fmt::print
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return lost(errno);
  return {};
}

}  // namespace
}  // namespace shoal::cli

int main(int argc, char** argv) {
  using namespace shoal;
  // A limit to the size of files is an error of the write that meets it, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App program("See all of a file with many rows.", "shoal");
  program.set_version_flag("--version", SHOAL_VERSION);
  program.require_subcommand(1);
  const cli::Command commands[] = {
      cli::info_command(program),    cli::render_command(program),   cli::query_command(program),
      cli::explore_command(program), cli::adapters_command(program), cli::kernels_command(program),
      cli::trace_command(program),   cli::record_command(program),   cli::replay_command(program),
      cli::review_command(program),  cli::profile_command(program),  cli::explain_command(program),
      cli::emit_command(program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help and --version
    const bool is_json =
        std::any_of(argv, argv + argc, [](const char* word) { return std::strcmp(word, "--json") == 0; });
    return cli::show_error(cli::usage_error(program, error, argc, argv), is_json, cli::kExitUsage);
  }
  for (const cli::Command& command : commands) {
    if (!command.parsed->parsed()) continue;
    if (const Result<void> done = cli::run(command); !done) {
      return cli::show_error(done.error(), *command.json, cli::kExitFailed);
    }
  }
  return 0;
}
