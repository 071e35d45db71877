// Brings bytes back from the GPU without waiting: a copy into a mappable buffer, a map, an event. The buffers
// are reused, so a steady frame creates none.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "gpu/recorder.h"

namespace shoal::gpu {

using Ticket = u32;

// The most that one read brings: an event counts its words in 24 bits. Larger views are read in parts.
inline constexpr u64 kMostReadBytes = u64{32} << 20;

class ReadbackRing {
 public:
  // Records the copy of `source` (a multiple of 4 bytes, at most kMostReadBytes). The bytes are there some events
  // after the submission.
  Ticket read(Recorder& recorder, u32 encoder, const View& source);
  // Call once behind each submission: asks for what its copies brought.
  void after_submit(Recorder& recorder);

  void on(Recorder& recorder, const Mapped& event);
  void on(Recorder& recorder, const MapFailed& event);

  // The bytes, once; nothing while they are on their way.
  std::optional<std::vector<std::byte>> take(Ticket ticket);
  bool has_failed(Ticket ticket) const;

 private:
  struct Buffer {
    u32 id = 0;
    u64 size_bytes = 0;
    Ticket ticket = 0;  // 0: free
  };
  struct Answer {
    std::vector<std::byte> data;
    bool has_failed = false;
  };
  struct Pending {
    Ticket ticket = 0;
    u32 buffer = 0;
    u64 size_bytes = 0;
  };
  void release(Recorder& recorder, Ticket ticket, bool was_mapped);

  std::vector<Buffer> buffers_;
  std::vector<Pending> copied_;  // since the last submission
  std::unordered_map<Ticket, Answer> answers_;
  Ticket last_ticket_ = 0;
};

}  // namespace shoal::gpu
