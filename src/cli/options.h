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
  std::string trace;    // where to save what was said to the GPU
  std::string profile;  // empty: none; kProfileTable; or the file of a timeline
};

inline constexpr const char* kProfileTable = "-";

void add_common_options(CLI::App& command, CommonOptions& options);
Result<engine::SessionOptions> session_options(const CommonOptions& options);

// --profile, of commands that drive a session.
void add_profile_option(CLI::App& command, CommonOptions& options);

inline constexpr int kExitFailed = 1, kExitUsage = 2;

// Prints the error as text on stderr or as JSON on stdout, and returns the exit code.
int show_error(const Error& error, bool json, int exit_code);

}  // namespace shoal::cli
