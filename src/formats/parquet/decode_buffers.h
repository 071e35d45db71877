// The memory that decoding a column works in. Decoders come and go, one for each row group and column; what they
// worked in is kept and handed to the next, so that its pages are touched once and not for every row group.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "base/int.h"
#include "base/result.h"
#include "formats/byte_buffer.h"
#include "formats/parquet/codecs.h"
#include "formats/parquet/page_values.h"

namespace shoal::formats::parquet {

struct DecodeBuffers {
  ByteBuffer page;
  ByteBuffer dictionary_page;
  PageDictionary dictionary;
  Decompressor decompressor;
  std::vector<u8> legacy_levels;
  ByteBuffer values;          // of the slice in the making
  std::vector<u32> validity;  // of it
};

// Decoders on any thread take from it and give back.
class BufferPool {
 public:
  BufferPool() = default;
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;
  ~BufferPool();

  std::unique_ptr<DecodeBuffers> take();
  void give_back(std::unique_ptr<DecodeBuffers> buffers);

 private:
  // Larger ones are freed, so that one huge page does not stay in memory.
  static constexpr size_t kMostKeptBytes = size_t{16} << 20;
  std::array<std::atomic<DecodeBuffers*>, 16> idle_{};
};

}  // namespace shoal::formats::parquet
