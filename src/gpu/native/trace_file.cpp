#include "gpu/native/trace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace shoal::gpu {
namespace {

Result<std::vector<std::byte>> read_bytes(int file, const std::string& path) {
  struct stat status{};
  if (::fstat(file, &status) != 0) {
    return fail(ErrorCode::kIo, "{} cannot be read: {}.", quote(path), std::strerror(errno));
  }
  // A device may have no end.
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kInvalidArgument, "{} is no regular file. Give the name of a trace.", quote(path));
  }
  std::vector<std::byte> bytes(static_cast<size_t>(status.st_size));
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorCode::kIo, "{} cannot be read: {}.", quote(path), std::strerror(errno));
    if (got == 0) break;  // it has shrunk meanwhile
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace

Result<TraceFile> load_trace(const std::string& path) {
  // Without O_NONBLOCK a pipe that nobody writes to would hang here.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    const int error = errno;
    const bool is_missing = error == ENOENT || error == ENOTDIR;
    return fail(is_missing ? ErrorCode::kNotFound : ErrorCode::kIo, "{} cannot be opened: {}. {}", quote(path),
                std::strerror(error), is_missing ? "Check its name." : "Check that you may read it.");
  }
  auto bytes = read_bytes(file, path);
  ::close(file);
  if (!bytes) return std::unexpected(std::move(bytes).error());
  auto trace = read_trace(*bytes);
  if (!trace) return std::unexpected(while_doing(std::move(trace).error(), "reading " + quote(path)));
  return TraceFile{std::move(*bytes), std::move(*trace)};
}

}  // namespace shoal::gpu
