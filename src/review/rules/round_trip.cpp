// Bytes that are read back from the GPU and uploaded again.
#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/text.h"
#include "review/analysis/known_bytes.h"
#include "review/analysis/map_waits.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;
constexpr size_t kLeastBytes = 256;
constexpr size_t kLeastWords = 16;  // that differ: few are the same by chance
constexpr size_t kRecent = 8;       // answers that an upload is compared with

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_telling(std::span<const std::byte> bytes) {
  std::unordered_set<std::string_view> words;
  const std::string_view text = text_of(bytes);
  for (size_t at = 0; at + 4 <= text.size(); at += 4) {
    words.insert(text.substr(at, 4));
    if (words.size() >= kLeastWords) return true;
  }
  return false;
}

struct Group {
  u32 times = 0, first_step = kNone, source = 0;
  u64 bytes = 0;
  std::vector<Claim> claims;
};

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::vector<MapWait> waits = map_waits(model);
  std::erase_if(waits, [](const MapWait& wait) { return wait.bytes.size() < kLeastBytes; });
  std::ranges::sort(waits, {}, &MapWait::answered_step);
  std::map<std::pair<u32, u32>, Group> groups;  // by source and target
  size_t known = 0;                             // answers that were there
  u64 compared = 0;
  const auto take = [&](u32 step, u32 target, std::span<const std::byte> data) {
    while (known < waits.size() && waits[known].answered_step <= step) ++known;
    if (data.size() < kLeastBytes) return;
    for (size_t back = 1; back <= std::min(kRecent, known); ++back) {
      const MapWait& wait = waits[known - back];
      // What came two frames ago is remembered for some other reason.
      if (wait.answered_step >= model.steps().size() ||
          model.steps()[wait.answered_step].frame + 1 < model.steps()[step].frame) {
        break;
      }
      const bool is_part = data.size() <= wait.bytes.size();
      const std::string_view whole = text_of(is_part ? wait.bytes : data),
                             part = text_of(is_part ? data : wait.bytes);
      compared += whole.size();
      if (compared > kMostComparedBytes) return;
      if (!(whole.starts_with(part) || whole.ends_with(part)) || !is_telling(is_part ? data : wait.bytes)) continue;
      Group& group = groups[{wait.buffer, target}];
      ++group.times;
      group.source = wait.buffer;
      group.bytes += part.size();
      if (group.first_step == kNone) group.first_step = step;
      group.claims.push_back(
          {step, subject.costs.whole(model.steps()[step].duration_ns, subject.costs.upload_ns(data.size()))});
      if (wait.stalls) group.claims.push_back({wait.step, wait.spared_ns});
      return;
    }
  };
  model.for_each<WriteBuffer, WriteBufferFromBlob, WriteTexture, WriteTextureFromBlob>(
      [&]<class C>(u32 step, const Step&, const C& command) {
        if constexpr (requires { command.buffer; }) {
          take(step, command.buffer, model.payload(command));
        } else {
          take(step, command.target.texture, model.payload(command));
        }
      });
  for (auto& [key, group] : groups) {
    if (group.times < kLeastTimes) continue;
    findings.push_back(
        {.what = fmt::format("What is read back from {} is uploaded to {} as it came: {} times, {} in all.",
                             model.name(key.first), model.name(key.second), group.times, format_bytes(group.bytes)),
         .todo = "Copy on the GPU, or bind the buffer that was read back where it is used next.",
         .step = group.first_step,
         .object = model.name(key.second),
         .claims = std::move(group.claims)});
  }
}

}  // namespace

const Rule kRoundTrip = {
    .name = "round-trip",
    .title = "Reads back what it uploads again",
    .why =
        "The bytes cross to the host and back, and between the two the GPU has nothing to do: the host waits for "
        "what was submitted, and the GPU for what comes next. A copy within the GPU takes part in neither.",
    .before =
        "await out.mapAsync(GPUMapMode.READ);\nqueue.writeBuffer(instances, 0, out.getMappedRange());\n"
        "out.unmap();",
    .after = "encoder.copyBufferToBuffer(places, 0, instances, 0, size);",
    .when_not =
        "Where the host looks at the bytes in between and changes some of them: then a kernel could do that. "
        "Uploads "
        "below 256 bytes are not compared.",
    .find = find,
};

}  // namespace shoal::review
