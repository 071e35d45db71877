#include "review/timestamp_bytes.h"

#include <algorithm>

namespace shoal::review {
namespace {

constexpr u64 kTimestampBytes = 8;

}  // namespace

// Sizes may mean "up to the end", and traces may hold any number.
u64 TimestampBytes::end_of(u32 buffer, u64 offset, u64 size) const {
  const auto found = sizes_.find(buffer);
  const u64 whole = found == sizes_.end() ? 0 : found->second;
  return offset >= whole ? offset : offset + std::min(size, whole - offset);
}

void TimestampBytes::learn(const gpu::CreateQuerySet& command) {
  is_timestamps_[command.query_set] = command.type == gpu::QueryType::kTimestamp;
}

void TimestampBytes::learn(const gpu::ResolveQuerySet& command) {
  const u64 size = command.count * kTimestampBytes, begin = command.target_offset_bytes;
  forget(command.target, begin, size);
  const auto set = is_timestamps_.find(command.query_set);
  const u64 end = end_of(command.target, begin, size);
  if (set != is_timestamps_.end() && set->second && end > begin) held_[command.target][begin] = end;
}

void TimestampBytes::learn(const gpu::CopyBufferToBuffer& command) {
  if (held_.empty()) return;
  const u64 from = command.source_offset_bytes, to = command.target_offset_bytes;
  const u64 source_end = end_of(command.source, from, command.size_bytes);
  const u64 end = end_of(command.target, to, source_end - from);
  const std::vector<Range> copied = within(command.source, from, from + (end - to));
  forget(command.target, to, end - to);
  for (const auto& [first, last] : copied) held_[command.target][to + first] = to + last;
}

void TimestampBytes::learn(const gpu::MapAsync& command) {
  const u64 begin = command.offset_bytes, end = end_of(command.buffer, begin, command.size_bytes);
  if (std::vector<Range> found = within(command.buffer, begin, end); !found.empty()) {
    mapped_[command.ticket] = std::move(found);
  }
}

std::span<const TimestampBytes::Range> TimestampBytes::of(u32 ticket) const {
  const auto found = mapped_.find(ticket);
  return found == mapped_.end() ? std::span<const Range>() : found->second;
}

void TimestampBytes::forget(u32 buffer, u64 offset, u64 size) {
  const auto found = held_.find(buffer);
  if (found == held_.end()) return;
  const u64 end = end_of(buffer, offset, size);
  Ranges& ranges = found->second;
  auto range = ranges.upper_bound(offset);
  if (range != ranges.begin() && std::prev(range)->second > offset) --range;
  while (range != ranges.end() && range->first < end) {
    const auto [first, last] = *range;
    range = ranges.erase(range);
    if (first < offset) ranges[first] = offset;
    if (last > end) ranges[end] = last;
  }
}

std::vector<TimestampBytes::Range> TimestampBytes::within(u32 buffer, u64 begin, u64 end) const {
  std::vector<Range> found;
  const auto held = held_.find(buffer);
  if (held == held_.end()) return found;
  auto range = held->second.upper_bound(begin);
  if (range != held->second.begin() && std::prev(range)->second > begin) --range;
  for (; range != held->second.end() && range->first < end; ++range) {
    found.emplace_back(std::max(range->first, begin) - begin, std::min(range->second, end) - begin);
  }
  return found;
}

}  // namespace shoal::review
