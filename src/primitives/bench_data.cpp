#include "primitives/bench_data.h"

#include <algorithm>
#include <random>
#include <vector>

#include "base/text.h"

namespace shoal::primitives {

Result<gpu::View> made_words(gpu::NativeGpu& gpu, std::string_view label, u64 rows, u32 words_per_row,
                             const std::function<u32(u64 word)>& make) {
  using enum gpu::BufferUsage;
  constexpr size_t kPieceWords = size_t{1} << 22;
  gpu::Device& device = gpu.device();
  const u64 most_rows =
      std::min<u64>(device.capabilities.limits.max_storage_binding_size_bytes / 4 / words_per_row, 0xfffff000u);
  if (rows == 0 || rows > most_rows) {
    return fail(ErrorCode::kInvalidArgument,
                "A benchmark of {} rows is not possible on {}, which binds 1 to {} of them. Give --rows a number "
                "in between.",
                group_thousands(rows), quote(device.capabilities.name), group_thousands(most_rows));
  }
  const u64 word_count = align_up(rows * words_per_row, u64{64});
  const gpu::View words{device.recorder.create_buffer(label, word_count * 4, kStorage | kCopyDst), 0,
                        word_count * 4};
  std::vector<u32> piece;
  for (u64 first = 0; first < word_count; first += piece.size()) {
    piece.resize(static_cast<size_t>(std::min<u64>(kPieceWords, word_count - first)));
    for (size_t i = 0; i < piece.size(); ++i) piece[i] = make(first + i);
    device.recorder.write_lent({words.buffer, first * 4, piece.size() * 4}, std::as_bytes(std::span(piece)));
    SHOAL_TRY(gpu.pump(false));
  }
  return words;
}

Result<gpu::View> random_words(gpu::NativeGpu& gpu, std::string_view label, u64 rows, u32 words_per_row) {
  std::mt19937 random(1);
  return made_words(gpu, label, rows, words_per_row, [&](u64) { return static_cast<u32>(random()); });
}

}  // namespace shoal::primitives
