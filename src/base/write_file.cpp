#include "base/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

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

Result<OutputFile> OutputFile::create(const std::string& path) {
  OutputFile output;
  output.path_ = path;
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return fail_to_write(path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    output.file_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (output.file_ < 0) return fail_to_write(path, errno);
    return output;
  }
  if (exists && ::access(path.c_str(), W_OK) != 0) return fail_to_write(path, errno);
  output.target_ = path;
  if (char resolved[PATH_MAX]; exists && ::realpath(path.c_str(), resolved) != nullptr) output.target_ = resolved;
  output.mode_ = exists ? status.st_mode & 07777 : new_file_mode();
  output.beside_ = output.target_ + ".XXXXXX";
  output.file_ = ::mkostemp(output.beside_.data(), O_CLOEXEC);
  if (output.file_ < 0) return fail_to_write(path, errno);
  return output;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      beside_(std::move(other.beside_)),
      mode_(other.mode_) {}

OutputFile::~OutputFile() {
  if (file_ < 0) return;
  ::close(file_);
  if (!target_.empty()) ::unlink(beside_.c_str());
}

Result<void> OutputFile::append(std::span<const u8> bytes) {
  if (const int error = write_all(file_, bytes); error != 0) return fail_to_write(path_, error);
  return {};
}

Result<void> OutputFile::commit() {
  int error = 0;
  if (!target_.empty() && ::fchmod(file_, mode_) != 0) error = errno;
  if (::close(std::exchange(file_, -1)) != 0 && error == 0) error = errno;
  if (!target_.empty()) {
    if (error == 0 && std::rename(beside_.c_str(), target_.c_str()) != 0) error = errno;
    if (error != 0) ::unlink(beside_.c_str());
  }
  if (error != 0) return fail_to_write(path_, error);
  return {};
}

Result<void> write_file(const std::string& path, std::span<const u8> bytes) {
  SHOAL_TRY_SET(OutputFile output, OutputFile::create(path));
  SHOAL_TRY(output.append(bytes));
  return output.commit();
}

Result<void> write_text_file(const std::string& path, std::string_view text) {
  return write_file(path, {reinterpret_cast<const u8*>(text.data()), text.size()});
}

}  // namespace shoal
