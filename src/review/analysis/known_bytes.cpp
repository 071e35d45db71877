#include "review/analysis/known_bytes.h"

#include <algorithm>
#include <cstring>

namespace shoal::review {

void KnownBytes::forget(u64 begin, u64 end) {
  auto piece = pieces_.upper_bound(begin);
  if (piece != pieces_.begin()) --piece;
  while (piece != pieces_.end() && piece->first < end) {
    const u64 offset = piece->first;
    const auto bytes = piece->second;
    if (offset + bytes.size() <= begin) {
      ++piece;
      continue;
    }
    piece = pieces_.erase(piece);
    if (offset < begin) pieces_.emplace(offset, bytes.first(static_cast<size_t>(begin - offset)));
    if (offset + bytes.size() > end) {
      piece = pieces_.emplace(end, bytes.subspan(static_cast<size_t>(end - offset))).first;
    }
  }
}

void KnownBytes::write(u64 offset, std::span<const std::byte> data) {
  if (data.empty() || offset > gpu::kWholeSize - data.size()) return;
  forget(offset, offset + data.size());
  pieces_[offset] = data;
}

std::span<const std::byte> KnownBytes::at(u64 offset, u64 size) const {
  auto piece = pieces_.upper_bound(offset);
  if (piece == pieces_.begin()) return {};
  --piece;
  const u64 within = offset - piece->first;
  if (within >= piece->second.size()) return {};
  const auto rest = piece->second.subspan(static_cast<size_t>(within));
  return rest.first(static_cast<size_t>(std::min<u64>(size, rest.size())));
}

bool KnownBytes::holds(u64 offset, std::span<const std::byte> data) const {
  while (!data.empty()) {
    const auto there = at(offset, data.size());
    if (there.empty()) return false;
    // Equal bytes are one blob: those that are not read again are most of them.
    if (there.data() != data.data() && std::memcmp(there.data(), data.data(), there.size()) != 0) return false;
    offset += there.size();
    data = data.subspan(there.size());
  }
  return true;
}

}  // namespace shoal::review
