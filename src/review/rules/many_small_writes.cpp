// Many writes of a few bytes to one buffer, where one write would bring them all.
#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr size_t kLeastWrites = 16;  // to one buffer, with no submission between them
constexpr u64 kSmallBytes = 1024;

struct Write {
  u32 step = 0;
  u64 begin = 0;
  std::span<const std::byte> data;
};

struct Group {
  u32 times = 0, writes = 0;
  u32 first_step = kNone;
  u64 bytes = 0;
  std::vector<Claim> claims;
  TraceEdit fix;
};

void take(const Subject& subject, u32 buffer, std::vector<Write>& writes, std::map<u32, Group>& groups) {
  if (writes.size() < kLeastWrites) return writes.clear();
  const u32 first_step = writes.front().step;
  std::ranges::sort(writes, {}, [](const Write& write) { return std::pair(write.begin, write.step); });
  // Where one writes over another, their order matters, and it is some other thing that the program does.
  for (size_t i = 1; i < writes.size(); ++i) {
    if (writes[i].begin < writes[i - 1].begin + writes[i - 1].data.size()) return writes.clear();
  }
  // Runs that lie side by side become one write each.
  for (size_t from = 0; from < writes.size();) {
    size_t to = from + 1;
    u64 end = writes[from].begin + writes[from].data.size();
    while (to < writes.size() && writes[to].begin == end) {
      end = writes[to].begin + writes[to].data.size();
      ++to;
    }
    if (to - from >= kLeastWrites) {
      Group& group = groups[buffer];
      ++group.times;
      group.writes += static_cast<u32>(to - from);
      group.first_step = std::min(group.first_step, first_step);
      std::vector<std::byte> bytes;
      u32 last = 0;
      for (size_t i = from; i < to; ++i) {
        bytes.insert(bytes.end(), writes[i].data.begin(), writes[i].data.end());
        last = std::max(last, writes[i].step);
      }
      group.bytes += bytes.size();
      for (size_t i = from; i < to; ++i) {
        if (writes[i].step == last) continue;
        group.claims.push_back(
            {writes[i].step, subject.costs.whole(subject.model.steps()[writes[i].step].duration_ns,
                                                 subject.costs.is_measured ? subject.costs.upload_ns(0) : 0)});
        group.fix.drop(writes[i].step);
      }
      group.fix.replace(last, WriteBuffer{.buffer = buffer, .offset_bytes = writes[from].begin, .data = bytes});
    }
    from = to;
  }
  writes.clear();
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, std::vector<Write>> open;  // by buffer, since the last submission
  std::map<u32, Group> groups;
  model.for_each<WriteBuffer, WriteBufferFromBlob, Submit>([&]<class C>(u32 step, const Step&, const C& command) {
    if constexpr (std::is_same_v<C, Submit>) {
      for (auto& [buffer, writes] : open) take(subject, buffer, writes, groups);
      open.clear();
    } else {
      const auto data = model.payload(command);
      std::vector<Write>& writes = open[command.buffer];
      if (data.size() > kSmallBytes || data.empty() || command.offset_bytes > kWholeSize - data.size()) {
        take(subject, command.buffer, writes, groups);
      } else {
        writes.push_back({step, command.offset_bytes, data});
      }
    }
  });
  for (auto& [buffer, group] : groups) {
    findings.push_back(
        {.what = fmt::format(
             "{} is written by {} calls of {} on the average, {} times, where their bytes lie side by side.",
             model.name(buffer), group.writes / group.times, format_bytes(group.bytes / group.writes), group.times),
         .todo = "Put the parts together in an array of the program's own and write it once before the submission.",
         .step = group.first_step,
         .object = model.name(buffer),
         .claims = std::move(group.claims),
         .fix = std::move(group.fix)});
  }
}

}  // namespace

const Rule kManySmallWrites = {
    .name = "many-small-writes",
    .title = "Writes a buffer piece by piece",
    .why =
        "Each write is a call that checks its arguments, takes staging memory and adds a copy to the submission, "
        "whatever its size. For a few bytes that costs hundreds of times what moving them does.",
    .before = "for (const s of sprites) queue.writeBuffer(instances, 32 * s.slot, s.data);",
    .after = "for (const s of sprites) all.set(s.data, 8 * s.slot);\nqueue.writeBuffer(instances, 0, all);",
    .when_not = "Where the parts lie far from each other, so that one write would move much that did not change.",
    .find = find,
};

}  // namespace shoal::review
