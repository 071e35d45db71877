// Memory for bytes that are about to be written: of a page, or of a part of a file.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/result.h"

namespace shoal::formats {

// Bytes that are not initialised, aligned for any raw format; grows, never shrinks.
class ByteBuffer {
 public:
  // Errors: kOutOfMemory. What was in the buffer is lost.
  Result<std::span<std::byte>> resize(size_t size);
  size_t capacity() const { return capacity_; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  size_t capacity_ = 0;
};

}  // namespace shoal::formats
