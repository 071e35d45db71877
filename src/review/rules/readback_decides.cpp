// Counts of draws and dispatches that were read back from the GPU.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include "base/text.h"
#include "review/analysis/map_waits.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 6, kLeastValues = 3;
constexpr size_t kMostWords = 64;   // of what came back: counts lie in small buffers
constexpr size_t kMostBuffers = 8;  // whose answers a command is compared with
constexpr u32 kMostCommands = 32;   // draws and dispatches behind an answer
constexpr std::array<u32, 7> kPer = {1, 32, 64, 128, 256, 512, 1024};  // elements a workgroup

// One word of a buffer that comes back, and one count of a command.
struct Link {
  u32 buffer = 0, word = 0, opcode = 0, field = 0, per = 0;
  auto operator<=>(const Link&) const = default;
};
struct Seen {
  u32 times = 0, first_step = kNone, last_answer = kNone;
  std::set<u32> values;
  std::vector<Claim> claims;
};

template <class Command>
std::array<u32, 3> counts_of(const Command& command) {
  if constexpr (requires { command.x; }) return {command.x, command.y, command.z};
  if constexpr (requires { command.vertex_count; }) return {command.vertex_count, command.instance_count, 0};
  if constexpr (requires { command.index_count; }) return {command.index_count, command.instance_count, 0};
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::vector<MapWait> waits = map_waits(model);
  std::erase_if(waits, [](const MapWait& wait) { return wait.bytes.size() > 4 * kMostWords; });
  std::ranges::sort(waits, {}, &MapWait::answered_step);
  std::map<Link, Seen> links;
  std::map<u32, u32> answers, latest;  // by buffer: how many came; the last, of the few that came last
  size_t known = 0;
  u32 behind = 0;
  model.for_each<Draw, DrawIndexed, DispatchWorkgroups>([&]<class C>(u32 step, const Step&, const C& command) {
    for (; known < waits.size() && waits[known].answered_step <= step; ++known) {
      latest[waits[known].buffer] = static_cast<u32>(known);
      ++answers[waits[known].buffer];
      if (latest.size() > kMostBuffers)
        latest.erase(std::ranges::min_element(latest, {}, [](const auto& one) { return one.second; }));
      behind = 0;
    }
    if (behind++ >= kMostCommands) return;
    for (const auto& [buffer, answer] : latest) {
      const auto bytes = waits[answer].bytes;
      for (u32 word = 0; 4 * word + 4 <= bytes.size(); ++word) {
        u32 value = 0;
        std::memcpy(&value, bytes.data() + size_t{4} * word, sizeof value);
        if (value < 2) continue;
        const auto counts = counts_of(command);
        for (u32 field = 0; field < 3; ++field) {
          for (const u32 per : kPer) {
            if (counts[field] != divide_round_up<u32>(value, per) ||
                (per > 1 && C::kOpcode != DispatchWorkgroups::kOpcode))
              continue;
            Seen& seen = links[{buffer, word, C::kOpcode, field, per}];
            if (seen.last_answer == answer) continue;
            seen.last_answer = answer;
            ++seen.times;
            if (seen.first_step == kNone) seen.first_step = step;
            if (seen.values.size() < kLeastValues) seen.values.insert(counts[field]);
            if (waits[answer].stalls) seen.claims.push_back({waits[answer].step, waits[answer].spared_ns});
          }
        }
      }
    }
  });
  std::set<u32> told;  // buffers
  for (auto& [link, seen] : links) {
    // Each time that it came back, or it is chance.
    if (seen.times < kLeastTimes || seen.values.size() < kLeastValues || seen.times + 1 < answers[link.buffer])
      continue;
    if (!told.insert(link.buffer).second) continue;
    const bool is_dispatch = link.opcode == DispatchWorkgroups::kOpcode;
    findings.push_back(
        {.what = fmt::format("Word {} of {} comes back and is {} of the {} behind it: {} times, with {} different "
                             "values and more.",
                             link.word, model.name(link.buffer),
                             link.per == 1 ? "a count" : fmt::format("{} times a count", link.per),
                             is_dispatch ? "dispatch" : "draw", seen.times, seen.values.size()),
         .todo = is_dispatch ? "Let the kernel write the workgroup counts, and use dispatchWorkgroupsIndirect()."
                             : "Let the kernel write the draw's arguments, and use drawIndirect().",
         .step = seen.first_step,
         .object = model.name(link.buffer),
         .claims = std::move(seen.claims)});
  }
}

}  // namespace

const Rule kReadbackDecides = {
    .name = "readback-decides",
    .title = "Reads a count back to draw or dispatch as many",
    .why =
        "The host waits until the GPU has counted, and the GPU has nothing to do until the host has said the "
        "count. "
        "An indirect draw or dispatch reads its counts from a buffer of the GPU, and nobody waits.",
    .before = "await count.mapAsync(GPUMapMode.READ);\npass.draw(6, new Uint32Array(count.getMappedRange())[0]);",
    .after = "pass.drawIndirect(args, 0); // the kernel that counts adds to its second word",
    .when_not =
        "Where the count decides about memory to make as well. Counts that came back are told by their values: at "
        "least 6 times, with at least 3 different ones.",
    .find = find,
};

}  // namespace shoal::review
