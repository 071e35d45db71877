// Buffers that are mapped at their creation and never unmapped.
#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastBytes = 64 * 1024;
constexpr u32 kLeastSubmissions = 4;  // behind its creation

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  const auto& submissions = model.submissions();
  if (submissions.size() < kLeastSubmissions) return;
  const u32 late = submissions[submissions.size() - kLeastSubmissions].step;
  std::unordered_set<u32> unmapped;
  model.for_each<Unmap>([&](u32, const Step&, const Unmap& command) { unmapped.insert(command.buffer); });
  std::map<std::pair<std::string_view, u32>, std::vector<u32>> groups;  // made from one place under one label
  model.for_each<CreateBuffer>([&](u32 step, const Step& said, const CreateBuffer& command) {
    const Object* object = model.object(command.buffer);
    if (command.mapped_at_creation == 0 || object == nullptr || object->made != step || step > late) return;
    if (unmapped.contains(command.buffer) || object->size_bytes < kLeastBytes) return;
    // Given back soon: somebody thought better of it.
    if (std::min(object->destroyed, object->released) < late) return;
    groups[{object->label, said.stack}].push_back(command.buffer);
  });
  for (const auto& [key, members] : groups) {
    u64 bytes = 0;
    for (const u32 id : members) bytes += model.object(id)->size_bytes;
    const std::string name = model.name(members.front());
    findings.push_back(
        {.what = members.size() == 1
                     ? fmt::format("{} ({}) is mapped since its creation, so nothing can use it.", name,
                                   format_bytes(bytes))
                     : fmt::format("{} like {} ({}) are mapped since their creation, so nothing can use them.",
                                   members.size(), name, format_bytes(bytes)),
         .todo = "Unmap it when it is filled, or make it when there is something to fill it with.",
         .step = model.object(members.front())->made,
         .object = name,
         .claims = {},
         .saved_bytes = 2 * bytes});
  }
}

}  // namespace

const Rule kNeverUnmapped = {
    .name = "never-unmapped",
    .title = "Maps a buffer at its creation and never unmaps it",
    .why =
        "While a buffer is mapped the host has memory of the same size for it, beside the GPU's, and no submission "
        "may use it.",
    .before = "const buffer = device.createBuffer({size, usage, mappedAtCreation: true});\nif (isEmpty) return;",
    .after = "if (isEmpty) return;\nconst buffer = device.createBuffer({size, usage, mappedAtCreation: true});",
    .when_not = "While a loader still fills it: record for longer. Below 64 KiB it is not reported.",
    .find = find,
};

}  // namespace shoal::review
