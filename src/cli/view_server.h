// Serves the explorer page and one file to browsers of this machine, and to nobody else.
//
// Other pages that are open in the browser, and other users of the machine, can reach a loopback port. So every
// path begins with a random token that only the printed address tells, and a request must name this server as its
// host: a foreign name that was pointed at 127.0.0.1 (DNS rebinding) is refused.
#pragma once

#include <memory>
#include <string>

#include "base/int.h"
#include "base/result.h"
#include "cli/page_files.h"

namespace shoal::cli {

class ViewServer {
 public:
  // Serves until it is destroyed. `port` 0 takes a free one.
  // Errors: kNotFound, kInvalidArgument and kIo for a file that is not there, is none, or cannot be read; kIo for a
  // port that is taken.
  static Result<std::unique_ptr<ViewServer>> start(const std::string& file, PageFiles page, u16 port);
  ~ViewServer();
  ViewServer(const ViewServer&) = delete;
  ViewServer& operator=(const ViewServer&) = delete;

  u16 port() const;
  const std::string& token() const;
  std::string address() const;  // of the page, with the file in it

 private:
  struct State;
  explicit ViewServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// Letters and digits stay, other bytes become %XX.
std::string percent_encode(const std::string& text);

}  // namespace shoal::cli
