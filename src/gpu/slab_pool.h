// GPU memory for columns: a few large buffers, cut into pieces. Only here can a device run out of memory, so
// a slab is asked for, and used after its buffer_ready event.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "gpu/capabilities.h"
#include "gpu/recorder.h"

namespace shoal::gpu {

class SlabPool {
 public:
  // `budget_bytes`: all slabs together stay below it.
  SlabPool(const Limits& limits, u64 budget_bytes);

  // A piece aligned to 256 bytes; nothing while a slab for it is on its way: ask again after the next events.
  // Errors: kOutOfMemory when the budget or the adapter has no more; kUnsupported when no slab can be so large.
  Result<std::optional<View>> allocate(Recorder& recorder, u64 size_bytes);
  void free(const View& piece);
  // The whole slab that a buffer is, to bind it.
  View whole(u32 buffer) const;

  void on(const BufferReady& event);
  void on(const BufferFailed& event);

  u64 budget_bytes() const { return budget_bytes_; }
  u64 reserved_bytes() const { return reserved_bytes_; }  // of all slabs
  u64 used_bytes() const { return used_bytes_; }          // of all pieces

 private:
  struct Slab {
    u32 buffer = 0;
    u64 size_bytes = 0;
    std::map<u64, u64> holes;  // offset -> size, neighbours merged
  };
  std::optional<View> allocate_from(Slab& slab, u64 size_bytes);

  u64 largest_slab_bytes_, budget_bytes_;
  u64 reserved_bytes_ = 0, used_bytes_ = 0;
  std::vector<Slab> slabs_;
  std::optional<Slab> awaited_;
  std::string refusal_;  // what the adapter said when it had no memory for the awaited slab
};

}  // namespace shoal::gpu
