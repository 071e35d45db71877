#include "gpu/slab_pool.h"

#include <algorithm>

#include "base/text.h"

namespace shoal::gpu {
namespace {

constexpr u64 kAlignment = 256;
// The first slab is small, since wgpu clears a buffer before its first use; each next one doubles.
constexpr u64 kFirstSlabBytes = 32u << 20;

}  // namespace

SlabPool::SlabPool(const Limits& limits, u64 budget_bytes)
    : largest_slab_bytes_(
          std::min({limits.max_buffer_size_bytes, limits.max_storage_binding_size_bytes, u64{1} << 30})),
      budget_bytes_(budget_bytes) {}

std::optional<View> SlabPool::allocate_from(Slab& slab, u64 size_bytes) {
  for (auto hole = slab.holes.begin(); hole != slab.holes.end(); ++hole) {
    const auto [offset, hole_size] = *hole;
    if (hole_size < size_bytes) continue;
    slab.holes.erase(hole);
    if (hole_size > size_bytes) slab.holes.emplace(offset + size_bytes, hole_size - size_bytes);
    used_bytes_ += size_bytes;
    return View{slab.buffer, offset, size_bytes};
  }
  return std::nullopt;
}

Result<std::optional<View>> SlabPool::allocate(Recorder& recorder, u64 size_bytes) {
  const u64 aligned_bytes = std::max(align_up(size_bytes, kAlignment), kAlignment);
  if (aligned_bytes > largest_slab_bytes_) {
    return fail(ErrorCode::kUnsupported, "A piece of {} does not fit the adapter's largest binding of {}.",
                format_bytes(size_bytes), format_bytes(largest_slab_bytes_));
  }
  for (Slab& slab : slabs_) {
    if (auto piece = allocate_from(slab, aligned_bytes)) return piece;
  }
  if (awaited_) return std::nullopt;
  if (!refusal_.empty()) {
    return fail(
        ErrorCode::kOutOfMemory,
        "The adapter has no memory for another {} beside the {} in use ({}). Give --memory a size below that, or "
        "close other programs that use the GPU.",
        format_bytes(aligned_bytes), format_bytes(reserved_bytes_), refusal_);
  }
  const u64 left_bytes = (budget_bytes_ - std::min(budget_bytes_, reserved_bytes_)) / kAlignment * kAlignment;
  if (left_bytes < aligned_bytes) {
    return fail(
        ErrorCode::kOutOfMemory,
        "The memory budget of {} is too small: {} are in use and {} more are needed. Give --memory a larger size.",
        format_bytes(budget_bytes_), format_bytes(reserved_bytes_), format_bytes(aligned_bytes));
  }
  const u64 wanted_bytes = std::max({kFirstSlabBytes, reserved_bytes_, aligned_bytes});
  const u64 size = std::min({wanted_bytes, left_bytes, largest_slab_bytes_});
  awaited_ = Slab{.buffer = recorder.new_id(), .size_bytes = size, .holes = {}};
  reserved_bytes_ += size;
  recorder.say(CreateBuffer{.buffer = awaited_->buffer,
                            .label = "slab",
                            .size_bytes = size,
                            .usage = BufferUsage::kStorage | BufferUsage::kCopySrc | BufferUsage::kCopyDst,
                            .reports = 1});
  return std::nullopt;
}

void SlabPool::free(const View& piece) {
  const auto slab = std::ranges::find(slabs_, piece.buffer, &Slab::buffer);
  if (slab == slabs_.end()) return;
  used_bytes_ -= piece.size_bytes;
  auto hole = slab->holes.emplace(piece.offset_bytes, piece.size_bytes).first;
  if (const auto next = std::next(hole); next != slab->holes.end() && hole->first + hole->second == next->first) {
    hole->second += next->second;
    slab->holes.erase(next);
  }
  if (hole != slab->holes.begin()) {
    if (const auto before = std::prev(hole); before->first + before->second == hole->first) {
      before->second += hole->second;
      slab->holes.erase(hole);
    }
  }
}

View SlabPool::whole(u32 buffer) const {
  const auto slab = std::ranges::find(slabs_, buffer, &Slab::buffer);
  return slab == slabs_.end() ? View{} : View{buffer, 0, slab->size_bytes};
}

void SlabPool::on(const BufferReady& event) {
  if (!awaited_ || awaited_->buffer != event.buffer) return;
  awaited_->holes.emplace(0, awaited_->size_bytes);
  slabs_.push_back(std::move(*awaited_));
  awaited_.reset();
}

void SlabPool::on(const BufferFailed& event) {
  if (!awaited_ || awaited_->buffer != event.buffer) return;
  reserved_bytes_ -= awaited_->size_bytes;
  refusal_ = event.message;
  awaited_.reset();
}

}  // namespace shoal::gpu
