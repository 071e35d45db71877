#include "formats/byte_buffer.h"

#include <new>

#include "base/text.h"

namespace shoal::formats {

Result<std::span<std::byte>> ByteBuffer::resize(size_t size) {
  if (size > capacity_ || !bytes_) {
    bytes_.reset();
    capacity_ = 0;
    bytes_.reset(new (std::nothrow) std::byte[size]);
    if (!bytes_) {
      return fail(ErrorCode::kOutOfMemory, "There is no memory left for {} of the file.", format_bytes(size));
    }
    capacity_ = size;
  }
  return std::span(bytes_.get(), size);
}

}  // namespace shoal::formats
