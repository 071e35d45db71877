#include "gpu/growing_buffer.h"

#include <algorithm>
#include <bit>

#include "gpu/device.h"

namespace shoal::gpu {

bool GrowingBuffer::reserve(Device& device, u64 size_bytes) {
  if (id_ != 0 && size_bytes_ >= size_bytes) return false;
  if (id_ != 0) {
    device.bind_groups.forget(device.recorder, id_);
    device.recorder.say(DestroyBuffer{.buffer = id_});
  }
  // A power of two, so that it seldom grows; but what can be bound whole must not become too large for it.
  constexpr u64 kLeastBytes = 256;
  const u64 roomy_bytes = std::bit_ceil(std::max(size_bytes, kLeastBytes));
  const u64 bindable_bytes = device.capabilities.limits.max_storage_binding_size_bytes;
  size_bytes_ = std::max(align_up(size_bytes, u64{4}), std::min(roomy_bytes, bindable_bytes));
  id_ = device.recorder.create_buffer(label_, size_bytes_, usage_);
  return true;
}

}  // namespace shoal::gpu
