// A large buffer is written whole where a small part of it changed.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "review/analysis/known_bytes.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastBytes = 16 * 1024;
constexpr u32 kLeastTimes = 3;
constexpr u64 kSmallShare = 4;  // what changed is at most one in so many bytes

struct Group {
  u32 writes = 0, times = 0, first_step = kNone;
  u64 bytes = 0, changed = 0;
  std::vector<Claim> claims;
  TraceEdit fix;
};

// The changed part, from the first to the last byte that differs, in whole words; empty where nothing is known.
std::pair<u64, u64> changed_part(const KnownBytes& known, u64 offset, std::span<const std::byte> data) {
  u64 first = data.size(), last = 0;
  for (u64 at = 0; at < data.size();) {
    const auto there = known.at(offset + at, data.size() - at);
    if (there.empty()) return {0, data.size()};
    const auto part = data.subspan(static_cast<size_t>(at), there.size());
    const auto from = std::ranges::mismatch(there, part);
    if (from.in1 != there.end()) {
      first = std::min(first, at + static_cast<u64>(from.in1 - there.begin()));
      size_t end = there.size();
      while (there[end - 1] == part[end - 1]) --end;
      last = std::max(last, at + end);
    }
    at += there.size();
  }
  if (first >= last) return {0, 0};
  return {first / 4 * 4, std::min<u64>(align_up(last, u64{4}), data.size())};
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, Group> groups;
  visit_buffer_writes(
      model, [&](u32 step, u32 buffer, const KnownBytes& known, u64 offset, std::span<const std::byte> data) {
        if (data.size() < kLeastBytes) return;
        Group& group = groups[buffer];
        ++group.writes;
        const auto [begin, end] = changed_part(known, offset, data);
        const u64 size = end - begin;
        if (size == 0 || size > data.size() / kSmallShare) return;
        ++group.times;
        group.first_step = std::min(group.first_step, step);
        group.bytes += data.size();
        group.changed += size;
        const double left_out = 1.0 - static_cast<double>(size) / static_cast<double>(data.size());
        const double upload_ns = subject.costs.upload_ns(data.size()) - subject.costs.upload_ns(size);
        group.claims.push_back(
            {step, subject.costs.whole(static_cast<u32>(left_out * model.steps()[step].duration_ns), upload_ns)});
        if (model.steps()[step].opcode == WriteBufferFromBlob::kOpcode) {
          auto part = model.read<WriteBufferFromBlob>(step);
          part.offset_bytes += begin;
          part.blob_offset_bytes += begin;
          part.size_bytes = size;
          group.fix.replace(step, part);
        } else {
          const auto part = data.subspan(static_cast<size_t>(begin), static_cast<size_t>(size));
          group.fix.replace(step, WriteBuffer{.buffer = buffer, .offset_bytes = offset + begin, .data = part});
        }
      });
  for (auto& [buffer, group] : groups) {
    if (group.times < kLeastTimes || 2 * group.times < group.writes) continue;
    findings.push_back(
        {.what = fmt::format("{} of {} writes to {} bring {} each; from the first to the last byte that "
                             "changes it is {} on the average.",
                             group.times, group.writes, model.name(buffer), format_bytes(group.bytes / group.times),
                             format_bytes(group.changed / group.times)),
         .todo = "Write the part that changed: writeBuffer takes an offset and a size.",
         .step = group.first_step,
         .object = model.name(buffer),
         .claims = std::move(group.claims),
         .fix = std::move(group.fix)});
  }
}

}  // namespace

const Rule kWholeUpload = {
    .name = "whole-upload",
    .title = "Uploads a whole buffer for a small change",
    .why =
        "A write costs by its bytes: they are copied to staging memory and from there to the buffer. Those that "
        "did not change are copied for nothing.",
    .before = "heights[cell] -= depth;\nqueue.writeBuffer(ground, 0, heights);",
    .after = "heights[cell] -= depth;\nqueue.writeBuffer(ground, 4 * cell, heights, cell, 1);",
    .when_not = "Where changes lie all over the buffer: one write of all is cheaper than many of a few bytes.",
    .find = find,
};

}  // namespace shoal::review
