// Pictures that were said to the GPU and whose numbers are on their way back.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "engine/density_view.h"
#include "gpu/device.h"

namespace shoal::engine {

struct PictureNumbers {
  query::DensityTally tally;
  double largest = 0;        // value of the densest bin
  bool is_complete = false;  // all rows were in
  u64 request = 0;           // which of the embedder's requests it shows
};

class PictureReads {
 public:
  // Reads the numbers of the picture that was recorded into `frame`.
  void read(gpu::Frame& frame, const DensityView& view, bool is_complete, u64 request);
  // Of the oldest picture, once they are back. Errors: kDevice when they never will be.
  Result<std::optional<PictureNumbers>> take(gpu::ReadbackRing& readbacks);

  size_t size() const { return pictures_.size(); }
  bool empty() const { return pictures_.empty(); }

 private:
  struct Picture {
    gpu::Ticket tally = 0, extent = 0;
    std::optional<std::vector<std::byte>> tally_bytes, extent_bytes;
    bool is_complete = false;
    u64 request = 0;
  };
  std::deque<Picture> pictures_;
};

}  // namespace shoal::engine
