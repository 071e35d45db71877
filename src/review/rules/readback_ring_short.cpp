// All readback buffers are in flight, and the program waits for one of them.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 6;
constexpr size_t kMostBuffers = 64;  // as many are no short ring
constexpr u32 kMostBehind = 256;     // commands behind an answer, in which its buffer is used again

// Buffers of one size that were made from one place.
struct Ring {
  std::vector<u32> buffers;
  u32 waits = 0, maps = 0, first_step = kNone;
  u64 waited_ns = 0, last_ns = 0;  // when it waited last
  std::vector<Claim> claims;
};

// Sizes of which the program makes one more readback buffer when it needs one: it waits for other reasons.
std::set<u64> growing_sizes(const TraceModel& model) {
  std::map<u64, u32> first_map;
  model.for_each<MapAsync>([&](u32 step, const Step&, const MapAsync& command) {
    if (const Object* object = model.object(command.buffer)) first_map.emplace(object->size_bytes, step);
  });
  std::set<u64> growing;
  for (const auto& [id, object] : model.objects()) {
    const bool is_readback = (static_cast<u32>(object.usage) & static_cast<u32>(BufferUsage::kMapRead)) != 0;
    const auto first = first_map.find(object.size_bytes);
    if (is_readback && object.made != kNone && first != first_map.end() && object.made > first->second)
      growing.insert(object.size_bytes);
  }
  return growing;
}

struct Answer {
  u32 step = 0, map_step = 0, buffer = 0;
  u64 at_ns = 0;
};

bool is_work(u32 opcode) {
  return opcode != Poll::kOpcode && opcode != Release::kOpcode && opcode != FrameMark::kOpcode;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  using Key = std::tuple<u64, u32>;
  std::map<Key, Ring> rings;
  std::unordered_map<u32, Key> ring_of;
  std::vector<Answer> answers;
  model.for_each<MapAsync>([&](u32 step, const Step&, const MapAsync& command) {
    const Object* object = model.object(command.buffer);
    const auto answer = model.map_answers().find(command.ticket);
    if (object == nullptr || object->made == kNone) return;
    const Key key{object->size_bytes, model.steps()[object->made].stack};
    Ring& ring = rings[key];
    ++ring.maps;
    if (ring_of.emplace(command.buffer, key).second) ring.buffers.push_back(command.buffer);
    if (answer == model.map_answers().end() || answer->second.step <= step) return;
    answers.push_back({answer->second.step, step, command.buffer, answer->second.at_ns});
  });
  std::ranges::sort(answers, {}, &Answer::step);
  // Walks the commands once, with the maps that are not answered.
  std::set<u32> pending;  // buffers
  size_t next = 0;
  u32 last_work = kNone;
  const auto hear = [&](const Answer& answer) {
    const auto key = ring_of.find(answer.buffer);
    Ring& ring = rings[key->second];
    const bool is_full = ring.buffers.size() >= 2 && ring.buffers.size() <= kMostBuffers &&
                         std::ranges::all_of(ring.buffers, [&](u32 buffer) { return pending.contains(buffer); });
    pending.erase(answer.buffer);
    if (!is_full || last_work == kNone) return;
    // The program went on with this very buffer.
    bool is_used = false;
    for (u32 step = answer.step; step < model.steps().size() && step < answer.step + kMostBehind && !is_used;
         ++step) {
      if (model.steps()[step].opcode == CopyBufferToBuffer::kOpcode) {
        is_used = model.read<CopyBufferToBuffer>(step).target == answer.buffer;
        if (!is_used && ring_of.contains(model.read<CopyBufferToBuffer>(step).target)) break;
      } else if (model.steps()[step].opcode == CopyTextureToBuffer::kOpcode) {
        is_used = model.read<CopyTextureToBuffer>(step).target == answer.buffer;
      }
    }
    if (!is_used) return;
    const Step& last = model.steps()[last_work];
    const u64 from_ns = last.at_ns + last.duration_ns;
    const u64 waited_ns = answer.at_ns > from_ns ? answer.at_ns - from_ns : 0;
    if (ring.waits++ == 0) ring.first_step = answer.map_step;
    ring.waited_ns += waited_ns;
    // Without waiting, host and GPU work side by side: from one wait to the next as long as the longer of the two.
    const u64 period_ns = ring.last_ns == 0 ? 0 : answer.at_ns - std::min(ring.last_ns, answer.at_ns);
    ring.last_ns = answer.at_ns;
    ring.claims.push_back(
        {answer.map_step, std::min(waited_ns, period_ns > waited_ns ? period_ns - waited_ns : 0)});
  };
  for (u32 step = 0; step < model.steps().size(); ++step) {
    for (; next < answers.size() && answers[next].step <= step; ++next) hear(answers[next]);
    const u32 opcode = model.steps()[step].opcode;
    if (opcode == MapAsync::kOpcode) pending.insert(model.read<MapAsync>(step).buffer);
    if (is_work(opcode)) last_work = step;
  }
  const std::set<u64> growing = growing_sizes(model);
  for (auto& [key, ring] : rings) {
    if (growing.contains(std::get<0>(key))) continue;
    if (ring.waits < kLeastTimes || 2 * ring.waits * ring.buffers.size() < ring.maps) continue;
    findings.push_back(
        {.what =
             fmt::format("All {} readback buffers like {} are in flight when the next is needed, and the program "
                         "waits for one: {} times, {:.2f} ms on the average.",
                         ring.buffers.size(), model.name(ring.buffers.front()), ring.waits,
                         static_cast<double>(ring.waited_ns) / ring.waits / 1e6),
         .todo = "Make one more whenever none is free, or leave that frame's readback out.",
         .step = ring.first_step,
         .object = model.name(ring.buffers.front()),
         .claims = std::move(ring.claims)});
  }
}

}  // namespace

const Rule kReadbackRingShort = {
    .name = "readback-ring-short",
    .title = "Waits because its readback buffers are all in flight",
    .why =
        "An answer takes until the GPU has done what was submitted, and in a browser some frames more to come "
        "over. "
        "Where fewer buffers are there than frames on the way, each frame waits for the oldest.",
    .before = "const buffer = ring[frame % 2];\nawait buffer.mapped; // of two frames ago",
    .after = "const buffer = free.pop() ?? device.createBuffer({size, usage: MAP_READ | COPY_DST});",
    .when_not =
        "Where the GPU is what the program is slow for: then waiting holds it back from running ahead, and more "
        "buffers only add latency.",
    .find = find,
};

}  // namespace shoal::review
