// The program's commands. Each adds itself to the parser and says what to run when it was chosen.
#pragma once

#include <functional>
#include <vector>

#include "cli/options.h"

namespace shoal::cli {

struct Command {
  CLI::App* parsed = nullptr;
  std::function<Result<void>()> run;
  const bool* json = nullptr;  // whether errors are shown as JSON
};

Command info_command(CLI::App& program);
Command render_command(CLI::App& program);
Command query_command(CLI::App& program);
Command adapters_command(CLI::App& program);
Command emit_command(CLI::App& program);
Command explore_command(CLI::App& program);
Command kernels_command(CLI::App& program);
Command trace_command(CLI::App& program);
Command record_command(CLI::App& program);
Command replay_command(CLI::App& program);
Command review_command(CLI::App& program);
Command profile_command(CLI::App& program);
Command explain_command(CLI::App& program);

}  // namespace shoal::cli
