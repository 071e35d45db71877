#include "cli/options.h"

#include <cstdio>

#include "base/json_writer.h"
#include "base/text.h"
#include "engine/query_answer.h"

namespace shoal::cli {

void add_common_options(CLI::App& command, CommonOptions& options) {
  command.add_flag("--json", options.json, "Print one JSON document on stdout");
  command.add_option("--adapter", options.adapter, "An adapter's name, part of it, its index, or 'software'");
  command
      .add_option("--tier", options.tier, "'full': all that the adapter has; 'minimum': WebGPU's default limits")
      ->check(CLI::IsMember({"full", "minimum"}));
  command.add_option("--memory", options.memory, "Budget for GPU memory, for instance 2GiB");
}

void add_profile_option(CLI::App& command, CommonOptions& options) {
  command.add_flag(
      fmt::format("--profile{{{}}}", kProfileTable), options.profile,
      "A table of the GPU's passes beside what the adapter can do; --profile=FILE writes a timeline for "
      "Perfetto or chrome://tracing instead");
}

Result<engine::SessionOptions> session_options(const CommonOptions& options) {
  engine::SessionOptions session;
  session.adapter = options.adapter;
  session.tier = options.tier == "minimum" ? gpu::Tier::kMinimum : gpu::Tier::kFull;
  session.trace = options.trace;
  session.timeline = !options.profile.empty() && options.profile != kProfileTable;
  if (!options.memory.empty()) {
    const auto bytes = parse_bytes(options.memory);
    if (!bytes || *bytes == 0) {
      return fail(ErrorCode::kInvalidArgument, "--memory {} is not a size. Write one like 512MB or 2GiB.",
                  quote(options.memory));
    }
    session.memory_bytes = *bytes;
  }
  return session;
}

int show_error(const Error& error, bool json, int exit_code) {
  // Where it cannot be shown there is nobody to tell: fmt's own print would throw.
  if (json) {
    JsonWriter document;
    document.begin_object();
    engine::write_error(document, error);
    std::fputs((document.end_object().text() + "\n").c_str(), stdout);
    std::fflush(stdout);
  } else {
    std::fputs(fmt::format("shoal: {}\n", error.message()).c_str(), stderr);
  }
  return exit_code;
}

}  // namespace shoal::cli
