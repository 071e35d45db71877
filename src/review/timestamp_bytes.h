// Which bytes that a program reads back are times of its GPU: they are others each time that it runs, and no
// answers.
#pragma once

#include <map>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gpu/commands.gen.h"

namespace shoal::review {

// Follows timestamps from their query sets through the copies of buffers, in the order in which they are encoded.
// What a shader makes of them is an answer again.
class TimestampBytes {
 public:
  // Half-open, from the begin of what was mapped.
  using Range = std::pair<u64, u64>;

  void learn(const gpu::CreateBuffer& command) { sizes_[command.buffer] = command.size_bytes; }
  void learn(const gpu::CreateQuerySet& command);
  void learn(const gpu::ResolveQuerySet& command);
  void learn(const gpu::CopyBufferToBuffer& command);
  void learn(const gpu::ClearBuffer& command) { forget(command.buffer, command.offset_bytes, command.size_bytes); }
  void learn(const gpu::WriteBuffer& command) { forget(command.buffer, command.offset_bytes, command.data.size()); }
  void learn(const gpu::WriteBufferFromBlob& command) {
    forget(command.buffer, command.offset_bytes, command.size_bytes);
  }
  // How much it brings is not worked out: all behind its begin.
  void learn(const gpu::CopyTextureToBuffer& command) {
    forget(command.target, command.layout.offset_bytes, ~u64{0});
  }
  void learn(const gpu::MapAsync& command);
  template <class Other>
  void learn(const Other&) {}

  // Of what this ticket maps, as it was when it was asked for.
  std::span<const Range> of(u32 ticket) const;

 private:
  using Ranges = std::map<u64, u64>;  // disjoint, end by begin

  u64 end_of(u32 buffer, u64 offset, u64 size) const;
  void forget(u32 buffer, u64 offset, u64 size);
  std::vector<Range> within(u32 buffer, u64 begin, u64 end) const;

  std::unordered_map<u32, bool> is_timestamps_;  // by query set
  std::unordered_map<u32, u64> sizes_;           // by buffer
  std::unordered_map<u32, Ranges> held_;         // by buffer
  std::unordered_map<u32, std::vector<Range>> mapped_;
};

}  // namespace shoal::review
