#include "gpu/parameter_ring.h"

#include <algorithm>

namespace shoal::gpu {

ParameterRing::Slots ParameterRing::write(Recorder& recorder, std::span<const ParameterBlock> blocks) {
  using enum BufferUsage;
  const u32 count = static_cast<u32>(blocks.size());
  if (slot_ + count > kSlotsPerPage) {
    ++page_;
    slot_ = 0;
  }
  if (page_ == pages_.size()) {
    constexpr u64 kPageBytes = kSlotsPerPage * kParameterSlotBytes;
    Page& page = pages_.emplace_back();
    page.host_buffer = recorder.create_buffer("parameters", kPageBytes, kUniform | kStorage | kCopyDst);
    page.gpu_buffer = recorder.create_buffer("parameters by GPU", kPageBytes, kUniform | kStorage | kIndirect);
  }
  Page& page = pages_[page_];
  const u32 first = slot_;
  slot_ += count;
  const bool is_known =
      page.content.size() >= slot_ && std::ranges::equal(blocks, std::span(page.content).subspan(first, count));
  const Slots slots{page.host_buffer, page.gpu_buffer, static_cast<u32>(first * kParameterSlotBytes)};
  if (is_known) return slots;
  page.content.resize(std::max<size_t>(page.content.size(), slot_));
  std::ranges::copy(blocks, page.content.data() + first);
  recorder.write({slots.host_buffer, slots.first_offset_bytes, blocks.size_bytes()}, std::as_bytes(blocks));
  return slots;
}

void ParameterRing::on_frame_end() {
  if (--open_frames_ != 0) return;
  page_ = 0;
  slot_ = 0;
}

}  // namespace shoal::gpu
