#include "formats/parquet/decode_buffers.h"

#include <new>

#include "base/text.h"

namespace shoal::formats::parquet {

Result<std::span<std::byte>> ByteBuffer::resize(size_t size) {
  if (size > capacity_ || !bytes_) {
    bytes_.reset();
    capacity_ = 0;
    bytes_.reset(new (std::nothrow) std::byte[size]);
    if (!bytes_)
      return fail(ErrorCode::kOutOfMemory, "There is no memory left for a page of {}.", format_bytes(size));
    capacity_ = size;
  }
  return std::span(bytes_.get(), size);
}

BufferPool::~BufferPool() {
  for (auto& slot : idle_) delete slot.load();
}

std::unique_ptr<DecodeBuffers> BufferPool::take() {
  for (auto& slot : idle_) {
    if (DecodeBuffers* buffers = slot.exchange(nullptr)) return std::unique_ptr<DecodeBuffers>(buffers);
  }
  return std::make_unique<DecodeBuffers>();
}

void BufferPool::give_back(std::unique_ptr<DecodeBuffers> buffers) {
  if (buffers->page.capacity() + buffers->dictionary_page.capacity() > kMostKeptBytes) return;
  for (auto& slot : idle_) {
    DecodeBuffers* empty = nullptr;
    if (slot.compare_exchange_strong(empty, buffers.get())) {
      buffers.release();
      return;
    }
  }
}

}  // namespace shoal::formats::parquet
