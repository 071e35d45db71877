#include "formats/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/int.h"

namespace shoal::formats {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::unexpected<Error> system_error(const std::string& path) {
  const int number = errno;
  switch (number) {
    case ENOENT:
    case ENOTDIR: return fail(ErrorCode::kNotFound, "{} does not exist. Check the path.", path);
    case EACCES: return fail(ErrorCode::kIo, "{} may not be read by this user. Change its permissions.", path);
    default: return fail(ErrorCode::kIo, "{} can not be read: {}.", path, std::strerror(number));
  }
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path) {
  // Without O_NONBLOCK a named pipe would wait here for its writer.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) return system_error(path);
  struct stat status;
  if (::fstat(file.number, &status) != 0) return system_error(path);
  if (S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::kInvalidArgument, "{} is a directory. Name a file in it.", path);
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kInvalidArgument, "{} is not a regular file. Copy its contents into one.", path);
  }
  if (status.st_size == 0)
    return fail(ErrorCode::kInvalidArgument, "{} is empty. Write it again from its source.", path);
  const size_t size = static_cast<size_t>(status.st_size);
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (address == MAP_FAILED) return system_error(path);
  return MappedFile({static_cast<const std::byte*>(address), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace shoal::formats
