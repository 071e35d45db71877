// `shoal view FILE`: the explorer in the browser, served from this process.
#pragma once

#include <string>

#include "base/int.h"
#include "base/result.h"

namespace shoal::cli {

struct ViewOptions {
  std::string file;
  u16 port = 0;  // 0: any that is free
  bool open_browser = true;
};

// Prints the address and serves until SIGINT or SIGTERM; then returns. Called before other threads are started, so
// that the signals come to it.
Result<void> view_command(const ViewOptions& options);

}  // namespace shoal::cli
