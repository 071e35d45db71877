#include "base/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace shoal {
namespace {

std::unexpected<Error> fail_to_write(const std::string& path, int error) {
  const char* remedy = "Choose another place for it.";
  if (error == ENOENT || error == ENOTDIR) remedy = "Create its folder first, or choose another.";
  if (error == EACCES || error == EPERM || error == EROFS) remedy = "Choose a place that you may write to.";
  if (error == EISDIR) remedy = "Give the name of a file, not of a folder.";
  if (error == ENOSPC || error == EDQUOT) remedy = "Free some space there, or choose another place.";
  return fail(ErrorCode::kIo, "{} cannot be written: {}. {}", quote(path), std::strerror(error), remedy);
}

// 0, or the error that writing ended with.
int write_all(int file, std::span<const u8> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return 0;
}

mode_t new_file_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<void> write_file(const std::string& path, std::span<const u8> bytes) {
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return fail_to_write(path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return fail_to_write(path, errno);
    const int error = write_all(file, bytes);
    if (::close(file) != 0 && error == 0) return fail_to_write(path, errno);
    if (error != 0) return fail_to_write(path, error);
    return {};
  }
  if (exists && ::access(path.c_str(), W_OK) != 0) return fail_to_write(path, errno);
  std::string target = path;
  if (char resolved[PATH_MAX]; exists && ::realpath(path.c_str(), resolved) != nullptr) target = resolved;
  std::string beside = target + ".XXXXXX";
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);
  if (file < 0) return fail_to_write(path, errno);
  int error = write_all(file, bytes);
  if (error == 0 && ::fchmod(file, exists ? status.st_mode & 07777 : new_file_mode()) != 0) error = errno;
  if (::close(file) != 0 && error == 0) error = errno;
  if (error == 0 && std::rename(beside.c_str(), target.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(beside.c_str());
  return fail_to_write(path, error);
}

}  // namespace shoal
