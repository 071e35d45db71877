#include "gpu/readback_ring.h"

#include <algorithm>

namespace shoal::gpu {

Ticket ReadbackRing::read(Recorder& recorder, u32 encoder, const View& source) {
  // The smallest free buffer that is large enough; sizes are powers of two, so that they are found again.
  Buffer* chosen = nullptr;
  for (Buffer& buffer : buffers_) {
    if (buffer.ticket == 0 && buffer.size_bytes >= source.size_bytes &&
        (chosen == nullptr || buffer.size_bytes < chosen->size_bytes)) {
      chosen = &buffer;
    }
  }
  if (chosen == nullptr) {
    const u64 size_bytes = std::max<u64>(256, std::bit_ceil(source.size_bytes));
    const u32 id = recorder.create_buffer("readback", size_bytes, BufferUsage::kMapRead | BufferUsage::kCopyDst);
    chosen = &buffers_.emplace_back(Buffer{.id = id, .size_bytes = size_bytes, .ticket = 0});
  }
  chosen->ticket = ++last_ticket_;
  recorder.copy(encoder, source, {chosen->id, 0, source.size_bytes});
  copied_.push_back({chosen->ticket, chosen->id, source.size_bytes});
  return chosen->ticket;
}

void ReadbackRing::after_submit(Recorder& recorder) {
  for (const Pending& pending : copied_) {
    recorder.say(MapAsync{
        .buffer = pending.buffer, .offset_bytes = 0, .size_bytes = pending.size_bytes, .ticket = pending.ticket});
  }
  copied_.clear();
}

void ReadbackRing::release(Recorder& recorder, Ticket ticket, bool was_mapped) {
  const auto buffer = std::ranges::find(buffers_, ticket, &Buffer::ticket);
  if (buffer == buffers_.end()) return;
  if (was_mapped) recorder.say(Unmap{.buffer = buffer->id});
  buffer->ticket = 0;
}

void ReadbackRing::on(Recorder& recorder, const Mapped& event) {
  release(recorder, event.ticket, true);
  answers_[event.ticket] = {.data = {event.data.begin(), event.data.end()}, .has_failed = false};
}

void ReadbackRing::on(Recorder& recorder, const MapFailed& event) {
  release(recorder, event.ticket, false);
  answers_[event.ticket] = {.data = {}, .has_failed = true};
}

std::optional<std::vector<std::byte>> ReadbackRing::take(Ticket ticket) {
  const auto answer = answers_.find(ticket);
  if (answer == answers_.end() || answer->second.has_failed) return std::nullopt;
  std::vector<std::byte> data = std::move(answer->second.data);
  answers_.erase(answer);
  return data;
}

bool ReadbackRing::has_failed(Ticket ticket) const {
  const auto answer = answers_.find(ticket);
  return answer != answers_.end() && answer->second.has_failed;
}

}  // namespace shoal::gpu
