// Brings bytes back from the GPU without waiting: a copy into a mappable buffer, a map, an event. The buffers
// are reused, so a steady frame creates none.
#pragma once

#include <optional>
#include <vector>

#include "gpu/recorder.h"

namespace shoal::gpu {

using Ticket = u32;

class ReadbackRing {
 public:
  // Records the copy of `source` (a multiple of 4 bytes), in parts where it is more than one event brings. The
  // bytes are there some events after the submission.
  Ticket read(Recorder& recorder, u32 encoder, const View& source);
  // Call once behind each submission: asks for what its copies brought.
  void after_submit(Recorder& recorder);

  void on(Recorder& recorder, const Mapped& event);
  void on(Recorder& recorder, const MapFailed& event);

  // The bytes, once; nothing while they are on their way.
  std::optional<std::vector<std::byte>> take(Ticket ticket);
  bool has_failed(Ticket ticket) const;

 private:
  // Mapped by itself, under a ticket of its own; the first part's is the reading's.
  struct Part {
    Ticket ticket = 0, reading = 0;
    u64 offset_bytes = 0, size_bytes = 0;  // of the reading
  };
  struct Buffer {
    u32 id = 0;
    u64 size_bytes = 0;
    Part part;  // its ticket is 0 while the buffer is free
  };
  struct Reading {
    Ticket ticket = 0;
    std::vector<std::byte> data;
    u32 missing_parts = 0;
    bool has_failed = false;
  };
  void read_part(Recorder& recorder, u32 encoder, const View& source, const Part& part);
  Reading* find(Ticket ticket);
  // The part that waits for this ticket, whose buffer is free from now on.
  std::optional<Part> release(Recorder& recorder, Ticket ticket, bool was_mapped);

  std::vector<Buffer> buffers_;
  std::vector<u32> copied_;        // buffers, by index, since the last submission
  std::vector<Reading> readings_;  // not taken yet: a few
  Ticket last_ticket_ = 0;
};

}  // namespace shoal::gpu
