#include "gpu/readback_ring.h"

#include <algorithm>
#include <cstring>

namespace shoal::gpu {

Ticket ReadbackRing::read(Recorder& recorder, u32 encoder, const View& source) {
  const Ticket reading = last_ticket_ + 1;
  Reading& begun = readings_.emplace_back(Reading{.ticket = reading, .data = {}});
  u64 done_bytes = 0;
  do {
    const u64 size_bytes = std::min(source.size_bytes - done_bytes, kMostPayloadBytes);
    read_part(recorder, encoder, {source.buffer, source.offset_bytes + done_bytes, size_bytes},
              {.ticket = ++last_ticket_, .reading = reading, .offset_bytes = done_bytes, .size_bytes = size_bytes});
    ++begun.missing_parts;
    done_bytes += size_bytes;
  } while (done_bytes < source.size_bytes);
  return reading;
}

void ReadbackRing::read_part(Recorder& recorder, u32 encoder, const View& source, const Part& part) {
  // The smallest free buffer that is large enough; sizes are powers of two, so that they are found again.
  Buffer* chosen = nullptr;
  for (Buffer& buffer : buffers_) {
    if (buffer.part.ticket == 0 && buffer.size_bytes >= source.size_bytes &&
        (chosen == nullptr || buffer.size_bytes < chosen->size_bytes)) {
      chosen = &buffer;
    }
  }
  if (chosen == nullptr) {
    const u64 size_bytes = std::max<u64>(256, std::bit_ceil(source.size_bytes));
    const u32 id = recorder.create_buffer("readback", size_bytes, BufferUsage::kMapRead | BufferUsage::kCopyDst);
    chosen = &buffers_.emplace_back(Buffer{.id = id, .size_bytes = size_bytes, .part = {}});
  }
  chosen->part = part;
  recorder.copy(encoder, source, {chosen->id, 0, source.size_bytes});
  copied_.push_back(static_cast<u32>(chosen - buffers_.data()));
}

void ReadbackRing::after_submit(Recorder& recorder) {
  for (const u32 index : copied_) {
    const Buffer& buffer = buffers_[index];
    recorder.say(MapAsync{.buffer = buffer.id,
                          .offset_bytes = 0,
                          .size_bytes = buffer.part.size_bytes,
                          .ticket = buffer.part.ticket});
  }
  copied_.clear();
}

std::optional<ReadbackRing::Part> ReadbackRing::release(Recorder& recorder, Ticket ticket, bool was_mapped) {
  const auto buffer =
      std::ranges::find(buffers_, ticket, [](const Buffer& candidate) { return candidate.part.ticket; });
  if (ticket == 0 || buffer == buffers_.end()) return std::nullopt;
  if (was_mapped) recorder.say(Unmap{.buffer = buffer->id});
  return std::exchange(buffer->part, {});
}

void ReadbackRing::on(Recorder& recorder, const Mapped& event) {
  const std::optional<Part> part = release(recorder, event.ticket, true);
  if (!part) return;
  Reading& reading = *find(part->reading);
  --reading.missing_parts;
  const auto end = static_cast<size_t>(part->offset_bytes) + event.data.size();
  if (reading.data.size() < end) reading.data.resize(end);
  std::ranges::copy(event.data, reading.data.begin() + static_cast<std::ptrdiff_t>(part->offset_bytes));
}

void ReadbackRing::on(Recorder& recorder, const MapFailed& event) {
  const std::optional<Part> part = release(recorder, event.ticket, false);
  if (!part) return;
  find(part->reading)->has_failed = true;
}

ReadbackRing::Reading* ReadbackRing::find(Ticket ticket) {
  const auto found = std::ranges::find(readings_, ticket, &Reading::ticket);
  return found == readings_.end() ? nullptr : &*found;
}

std::optional<std::vector<std::byte>> ReadbackRing::take(Ticket ticket) {
  Reading* const reading = find(ticket);
  if (reading == nullptr || reading->missing_parts > 0) return std::nullopt;
  std::vector<std::byte> data = std::move(reading->data);
  readings_.erase(readings_.begin() + (reading - readings_.data()));
  return data;
}

bool ReadbackRing::has_failed(Ticket ticket) const {
  const auto reading = std::ranges::find(readings_, ticket, &Reading::ticket);
  return reading != readings_.end() && reading->has_failed;
}

}  // namespace shoal::gpu
