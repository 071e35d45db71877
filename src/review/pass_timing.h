// Adds timestamps to the passes of a stream that has none: in words, so the executor knows nothing of it.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/int.h"
#include "gpu/commands.gen.h"

namespace shoal::review {

// Of one device.
class PassTiming {
 public:
  // Ids and tickets from here on are not the trace's.
  static constexpr u32 kFirstOwnId = 0xf0000000u;

  explicit PassTiming(double timestamp_period_ns) : period_ns_(timestamp_period_ns) {}

  // What must be said before the first stream.
  std::vector<u32> begin() const;
  // The stream with timestamps around its passes, and reads of them behind its submissions. `passes` numbers them
  // as they begin: the pass at hand is number passes.size().
  std::vector<u32> add(std::span<const u32> words, u32& next_pass);

  struct Time {
    u32 pass = 0;  // its number
    double ms = 0;
  };
  // The times in a readback whose ticket is an own one; what must be said then.
  std::vector<u32> take(u32 ticket, std::span<const std::byte> data, std::vector<Time>& times);
  bool is_own(u32 ticket) const { return ticket >= kFirstOwnId; }

 private:
  static constexpr u32 kMostPasses = 1024;  // of an encoder
  struct Encoder {
    std::vector<u32> passes;
  };
  struct Readback {
    u32 buffer = 0;
    std::vector<u32> passes;
  };
  // The number of the query that begins the pass; kAllOrNone where it is not timed.
  u32 time(u32 encoder, u32 pass);

  double period_ns_;
  u32 last_id_ = kFirstOwnId + 2;  // behind the query set and the buffer it is resolved to
  std::unordered_map<u32, Encoder> encoders_;
  std::unordered_map<u32, Readback> finished_;   // by command buffer
  std::unordered_map<u32, Readback> readbacks_;  // by ticket
};

}  // namespace shoal::review
