// A file of rows, read part by part. Not mapped: a mapped file that somebody cuts short, or a disk that fails,
// would end the process, and all that was read once would stay resident.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "formats/byte_buffer.h"
#include "table/chunk_source.h"

namespace shoal::formats {

class InputFile {
 public:
  // Errors: kNotFound, kIo, kInvalidArgument (a directory or a device, an empty file).
  static Result<InputFile> open(const std::string& path);
  InputFile() = default;

  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  ~InputFile();

  u64 size_bytes() const { return size_bytes_; }
  // Those bytes of the file, in `buffer`. From any thread. Errors: kIo, when the file has become shorter too;
  // kOutOfMemory.
  Result<std::span<const std::byte>> read(table::ByteRange range, ByteBuffer& buffer) const;

 private:
  std::string name_;  // for messages
  int descriptor_ = -1;
  u64 size_bytes_ = 0;
};

}  // namespace shoal::formats
