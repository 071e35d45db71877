#include "plot/png.h"

#include <zlib.h>

#include <string_view>

namespace shoal::plot {
namespace {

void append_u32(std::vector<u8>& out, u32 value) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<u8>(value >> shift));
}

void append_chunk(std::vector<u8>& out, std::string_view type, std::span<const u8> data) {
  append_u32(out, static_cast<u32>(data.size()));
  const size_t checked_from = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), data.begin(), data.end());
  append_u32(out, static_cast<u32>(crc32_z(0, out.data() + checked_from, out.size() - checked_from)));
}

}  // namespace

Result<std::vector<u8>> encode_png(std::span<const u32> pixels, u32 width, u32 height, u32 stride_words) {
  // Level 1 and no row filter: on density pictures smaller than with one and 4 to 8 times as fast as Cairo's own
  // writer (1000 x 600: 7 against 51 ms, 144 against 178 kB; 3840 x 2160: 80 against 221 ms).
  const size_t row_bytes = size_t{width} * 3;
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, 15, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return fail(ErrorCode::kOutOfMemory, "There is no memory to compress a PNG of {} x {} pixels.", width, height);
  }
  std::vector<u8> compressed(deflateBound(&stream, static_cast<uLong>((row_bytes + 1) * height)));
  stream.next_out = compressed.data();
  stream.avail_out = static_cast<uInt>(compressed.size());
  std::vector<u8> row(row_bytes + 1, 0);  // opens with the filter's number
  for (u32 y = 0; y < height; ++y) {
    const u32* source = pixels.data() + size_t{y} * stride_words;
    for (size_t x = 0; x < width; ++x) {
      row[3 * x + 1] = static_cast<u8>(source[x] >> 16);
      row[3 * x + 2] = static_cast<u8>(source[x] >> 8);
      row[3 * x + 3] = static_cast<u8>(source[x]);
    }
    stream.next_in = row.data();
    stream.avail_in = static_cast<uInt>(row.size());
    deflate(&stream, y + 1 == height ? Z_FINISH : Z_NO_FLUSH);
  }
  compressed.resize(stream.total_out);
  deflateEnd(&stream);

  std::vector<u8> png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  std::vector<u8> header;
  append_u32(header, width);
  append_u32(header, height);
  header.insert(header.end(), {8, 2, 0, 0, 0});  // 8 bits, RGB, deflate, adaptive filters, not interlaced
  append_chunk(png, "IHDR", header);
  append_chunk(png, "IDAT", compressed);
  append_chunk(png, "IEND", {});
  return png;
}

}  // namespace shoal::plot
