#include "formats/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace shoal::formats {
namespace {

std::unexpected<Error> system_error(const std::string& name) {
  const int number = errno;
  switch (number) {
    case ENOENT:
    case ENOTDIR: return fail(ErrorCode::kNotFound, "{} does not exist. Check the path.", name);
    case EACCES: return fail(ErrorCode::kIo, "{} may not be read by this user. Change its permissions.", name);
    default: return fail(ErrorCode::kIo, "{} can not be read: {}.", name, std::strerror(number));
  }
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  InputFile file;
  file.name_ = name_text(path);
  // Without O_NONBLOCK a named pipe would wait here for its writer.
  file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file.descriptor_ < 0) return system_error(file.name_);
  struct stat status;
  if (::fstat(file.descriptor_, &status) != 0) return system_error(file.name_);
  if (S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::kInvalidArgument, "{} is a directory. Name a file in it.", file.name_);
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kInvalidArgument, "{} is not a regular file. Copy its contents into one.", file.name_);
  }
  if (status.st_size == 0)
    return fail(ErrorCode::kInvalidArgument, "{} is empty. Write it again from its source.", file.name_);
  file.size_bytes_ = static_cast<u64>(status.st_size);
  return file;
}

InputFile::InputFile(InputFile&& other) noexcept { *this = std::move(other); }

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_bytes_, other.size_bytes_);
  return *this;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::span<const std::byte>> InputFile::read(table::ByteRange range, ByteBuffer& buffer) const {
  SHOAL_TRY_SET(const std::span<std::byte> bytes, buffer.resize(static_cast<size_t>(range.size)));
  for (size_t done = 0; done < bytes.size();) {
    const u64 at = range.offset + done;
    const ssize_t got = ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(name_);
    if (got == 0) {
      return fail(ErrorCode::kIo,
                  "{} has become shorter while it was read: it ends at byte {} and had {} before. Try again when "
                  "nobody writes to it.",
                  name_, group_thousands(at), group_thousands(size_bytes_));
    }
    done += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace shoal::formats
