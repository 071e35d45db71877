#include "cli/view_command.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>

#include <utility>

#include "base/text.h"
#include "cli/page_files.h"
#include "cli/view_server.h"

namespace shoal::cli {
namespace {

// Where there is no desktop there is no opener either: the printed address is enough then.
void open_in_browser(const std::string& address) {
  signal(SIGCHLD, SIG_IGN);  // nobody waits for it
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&silent, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // The browser outlives us: it must not inherit the signals that are held back here.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::string opener = "xdg-open", argument = address;
  char* arguments[] = {opener.data(), argument.data(), nullptr};
  pid_t child = 0;
  posix_spawnp(&child, opener.c_str(), &silent, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&silent);
}

}  // namespace

Result<void> view_command(const ViewOptions& options) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  SHOAL_TRY_SET(const std::string folder, find_page());
  SHOAL_TRY_SET(PageFiles page, read_page(folder));
  SHOAL_TRY_SET(const auto server, ViewServer::start(options.file, std::move(page), options.port));
  std::printf("%s is at\n  %s\nfor browsers of this machine. Ctrl-C ends it.\n", options.file.c_str(),
              server->address().c_str());
  std::fflush(stdout);
  if (options.open_browser) open_in_browser(server->address());
  int signal_number = 0;
  sigwait(&ends, &signal_number);
  return {};
}

}  // namespace shoal::cli
