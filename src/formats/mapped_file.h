// A file as memory: mapped read-only, read by the kernel as it is touched.
#pragma once

#include <span>
#include <string>

#include "base/result.h"

namespace shoal::formats {

class MappedFile {
 public:
  // Errors: kNotFound, kIo, kInvalidArgument (a directory or a device, an empty file).
  static Result<MappedFile> open(const std::string& path);
  MappedFile() = default;  // no file: no bytes

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

}  // namespace shoal::formats
