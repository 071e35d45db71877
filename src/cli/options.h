// What every command takes, and how every command ends.
#pragma once

#include <CLI/CLI.hpp>

#include "base/result.h"
#include "engine/native_session.h"

namespace shoal::cli {

struct CommonOptions {
  bool json = false;
  std::string adapter;
  std::string tier = "full";
  std::string memory;
  std::string trace;  // where to save what was said to the GPU
};

void add_common_options(CLI::App& command, CommonOptions& options);
Result<engine::SessionOptions> session_options(const CommonOptions& options);

// Prints the error as text on stderr or as JSON on stdout. The program's exit code.
int show_error(const Error& error, bool json);

}  // namespace shoal::cli
