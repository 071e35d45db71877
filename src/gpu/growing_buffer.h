// A buffer that is as large as was ever needed: so a steady frame creates none.
#pragma once

#include <string_view>

#include "gpu/recorder.h"

namespace shoal::gpu {

struct Device;

class GrowingBuffer {
 public:
  // `label` is not copied.
  GrowingBuffer(std::string_view label, BufferUsage usage) : label_(label), usage_(usage) {}

  // Makes it at least so large: where it is not, another takes its place, which holds nothing of the last. Bind
  // groups of that one are released with it. True when it is a new one.
  bool reserve(Device& device, u64 size_bytes);

  // All of it, which is more than was reserved: groups that bind it stay the same while needs change.
  View all() const { return {id_, 0, size_bytes_}; }
  View first(u64 size_bytes) const { return {id_, 0, size_bytes}; }

 private:
  std::string_view label_;
  BufferUsage usage_;
  u32 id_ = 0;
  u64 size_bytes_ = 0;
};

}  // namespace shoal::gpu
