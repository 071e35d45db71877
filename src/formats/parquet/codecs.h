// Decompression of pages: Snappy, gzip, Zstandard; and their checksum.
#pragma once

#include <span>

#include "base/int.h"
#include "base/result.h"
#include "formats/parquet/file_metadata.h"

struct ZSTD_DCtx_s;
struct z_stream_s;

namespace shoal::formats::parquet {

std::string_view codec_name(i32 codec);
bool can_decompress(i32 codec);

// More than this can not come out of `compressed` bytes: a page that claims more is damaged, and is refused
// before memory is taken for it.
u64 most_decompressed_bytes(Codec codec, u64 compressed_bytes);

// The checksum that gzip and the headers of Parquet's pages use.
u32 crc32_of(std::span<const std::byte> bytes);

// Keeps the decoders' working memory from page to page.
class Decompressor {
 public:
  Decompressor() = default;
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  ~Decompressor();

  // Fills `out`, exactly. Errors: kCorrupt, a phrase that says what is wrong with the page; kOutOfMemory.
  Result<void> decompress(Codec codec, std::span<const std::byte> in, std::span<std::byte> out);

 private:
  Result<void> decompress_zstd(std::span<const std::byte> in, std::span<std::byte> out);
  Result<void> decompress_gzip(std::span<const std::byte> in, std::span<std::byte> out);

  ZSTD_DCtx_s* zstd_ = nullptr;
  z_stream_s* zlib_ = nullptr;
};

}  // namespace shoal::formats::parquet
