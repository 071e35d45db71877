#include "formats/parquet/decode_buffers.h"

namespace shoal::formats::parquet {

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
