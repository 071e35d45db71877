#include "engine/picture_reads.h"

namespace shoal::engine {

void PictureReads::read(gpu::Frame& frame, const DensityView& view, bool is_complete, u64 request) {
  pictures_.push_back({.tally = frame.read(view.query().tally()),
                       .extent = frame.read(view.shading().extent()),
                       .tally_bytes = {},
                       .extent_bytes = {},
                       .is_complete = is_complete,
                       .request = request});
}

Result<std::optional<PictureNumbers>> PictureReads::take(gpu::ReadbackRing& readbacks) {
  if (pictures_.empty()) return std::nullopt;
  Picture& picture = pictures_.front();
  if (readbacks.has_failed(picture.tally) || readbacks.has_failed(picture.extent)) {
    return fail(ErrorCode::kDevice, "The numbers of a picture did not come back from the adapter.");
  }
  if (!picture.tally_bytes) picture.tally_bytes = readbacks.take(picture.tally);
  if (!picture.extent_bytes) picture.extent_bytes = readbacks.take(picture.extent);
  if (!picture.tally_bytes || !picture.extent_bytes) return std::nullopt;
  const PictureNumbers numbers{.tally = query::DensityQuery::read_tally(*picture.tally_bytes),
                               .largest = static_cast<double>(plot::largest_value(*picture.extent_bytes)),
                               .is_complete = picture.is_complete,
                               .request = picture.request};
  pictures_.pop_front();
  return numbers;
}

}  // namespace shoal::engine
