#include "formats/parquet/codecs.h"

#include <memory>
#include <new>

#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include "base/text.h"

namespace shoal::formats::parquet {
namespace {

Result<void> check_size(u64 found, u64 expected) {
  if (found == expected) return {};
  return fail(ErrorCode::kCorrupt, "does not decompress to its stated size (expected {} bytes, found {})",
              group_thousands(expected), group_thousands(found));
}

Result<void> decompress_snappy(std::span<const std::byte> in, std::span<std::byte> out) {
  const char* bytes = reinterpret_cast<const char*>(in.data());
  size_t size = 0;
  if (!snappy::GetUncompressedLength(bytes, in.size(), &size)) {
    return fail(ErrorCode::kCorrupt, "is not valid Snappy data");
  }
  SHOAL_TRY(check_size(size, out.size()));
  if (!snappy::RawUncompress(bytes, in.size(), reinterpret_cast<char*>(out.data()))) {
    return fail(ErrorCode::kCorrupt, "is not valid Snappy data");
  }
  return {};
}

}  // namespace

std::string_view codec_name(i32 codec) {
  constexpr std::string_view kNames[] = {"uncompressed", "Snappy", "gzip",      "LZO",
                                         "Brotli",       "LZ4",    "Zstandard", "LZ4"};
  return codec >= 0 && static_cast<size_t>(codec) < std::size(kNames) ? kNames[codec] : "an unknown codec";
}

bool can_decompress(i32 codec) {
  return codec == static_cast<i32>(Codec::kUncompressed) || codec == static_cast<i32>(Codec::kSnappy) ||
         codec == static_cast<i32>(Codec::kGzip) || codec == static_cast<i32>(Codec::kZstd);
}

u64 most_decompressed_bytes(Codec codec, u64 compressed_bytes) {
  switch (codec) {
    case Codec::kSnappy: return compressed_bytes * 32;             // a copy of 3 bytes gives 64
    case Codec::kGzip: return compressed_bytes * 1100;             // deflate: 1,032 at most
    case Codec::kZstd: return compressed_bytes * ((1 << 17) / 3);  // a block of 4 bytes gives 128 KiB
    default: return compressed_bytes;
  }
}

u32 crc32_of(std::span<const std::byte> bytes) {
  return static_cast<u32>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

Decompressor::~Decompressor() {
  ZSTD_freeDCtx(zstd_);
  if (zlib_ != nullptr) inflateEnd(zlib_);
  delete zlib_;
}

Result<void> Decompressor::decompress(Codec codec, std::span<const std::byte> in, std::span<std::byte> out) {
  switch (codec) {
    case Codec::kSnappy: return decompress_snappy(in, out);
    case Codec::kGzip: return decompress_gzip(in, out);
    case Codec::kZstd: return decompress_zstd(in, out);
    default:
      return fail(ErrorCode::kInternal, "Codec {} was not refused when the file was opened.",
                  static_cast<int>(codec));
  }
}

Result<void> Decompressor::decompress_zstd(std::span<const std::byte> in, std::span<std::byte> out) {
  if (zstd_ == nullptr) zstd_ = ZSTD_createDCtx();
  if (zstd_ == nullptr) return fail(ErrorCode::kOutOfMemory, "There is no memory left for a Zstandard decoder.");
  const size_t size = ZSTD_decompressDCtx(zstd_, out.data(), out.size(), in.data(), in.size());
  if (ZSTD_isError(size)) return fail(ErrorCode::kCorrupt, "is not valid Zstandard data of its stated size");
  return check_size(size, out.size());
}

Result<void> Decompressor::decompress_gzip(std::span<const std::byte> in, std::span<std::byte> out) {
  constexpr int kGzipOrZlib = 15 + 32;
  if (zlib_ == nullptr) {
    auto stream = std::make_unique<z_stream>();
    if (inflateInit2(stream.get(), kGzipOrZlib) != Z_OK) {
      return fail(ErrorCode::kOutOfMemory, "There is no memory left for a gzip decoder.");
    }
    zlib_ = stream.release();
  }
  zlib_->next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
  zlib_->avail_in = static_cast<uInt>(in.size());
  zlib_->next_out = reinterpret_cast<Bytef*>(out.data());
  zlib_->avail_out = static_cast<uInt>(out.size());
  // A page may be several gzip members one behind the other.
  do {
    if (inflateReset(zlib_) != Z_OK || inflate(zlib_, Z_FINISH) != Z_STREAM_END) {
      return fail(ErrorCode::kCorrupt, "is not valid gzip data of its stated size");
    }
  } while (zlib_->avail_in > 0 && zlib_->avail_out > 0);
  return check_size(out.size() - zlib_->avail_out, out.size());
}

}  // namespace shoal::formats::parquet
