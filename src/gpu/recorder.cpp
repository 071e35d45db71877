#include "gpu/recorder.h"

#include <algorithm>

namespace shoal::gpu {

u32 Recorder::create_buffer(std::string_view label, u64 size_bytes, BufferUsage usage) {
  const u32 buffer = new_id();
  say(CreateBuffer{.buffer = buffer, .label = label, .size_bytes = size_bytes, .usage = usage, .reports = 0});
  return buffer;
}

void Recorder::write(const View& target, std::span<const std::byte> data) {
  size_t done = 0;
  do {
    const auto part = data.subspan(done, std::min<size_t>(data.size() - done, kMostPayloadBytes));
    say(WriteBuffer{.buffer = target.buffer, .offset_bytes = target.offset_bytes + done, .data = part});
    done += part.size();
  } while (done < data.size());
}

void Recorder::write_lent(const View& target, std::span<const std::byte> data) {
  say(WriteBufferFromBlob{.buffer = target.buffer,
                          .offset_bytes = target.offset_bytes,
                          .blob = 0,
                          .blob_offset_bytes = static_cast<u64>(reinterpret_cast<std::uintptr_t>(data.data())),
                          .size_bytes = data.size()});
}

void Recorder::copy(u32 encoder, const View& source, const View& target) {
  say(CopyBufferToBuffer{.encoder = encoder,
                         .source = source.buffer,
                         .source_offset_bytes = source.offset_bytes,
                         .target = target.buffer,
                         .target_offset_bytes = target.offset_bytes,
                         .size_bytes = source.size_bytes});
}

}  // namespace shoal::gpu
