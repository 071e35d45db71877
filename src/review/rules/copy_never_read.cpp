// Copies whose target nobody reads.
#include <map>

#include "base/text.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 3;

bool is_copy(u32 opcode) {
  return opcode == CopyBufferToBuffer::kOpcode || opcode == CopyTextureToBuffer::kOpcode ||
         opcode == CopyBufferToTexture::kOpcode || opcode == CopyTextureToTexture::kOpcode;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  for (const auto& [object, accesses] : model.all_accesses()) {
    const Object* target = model.object(object);
    if (target == nullptr || target->is_canvas_s) continue;
    Finding finding;
    u32 copies = 0;
    bool is_read = false;
    for (const Access& access : accesses) {
      is_read = is_read || access.reads;
      if (is_read) break;
      if (!is_copy(model.steps()[access.step].opcode)) continue;
      if (copies++ == 0) finding.step = access.step;
      u64 bytes = target->size_bytes;
      if (model.steps()[access.step].opcode == CopyBufferToBuffer::kOpcode) bytes = access.end - access.begin;
      bytes = std::min(bytes, target->size_bytes);
      finding.claims.push_back(
          {access.step, subject.costs.whole(model.steps()[access.step].duration_ns, subject.costs.copy_ns(bytes))});
      finding.fix.drop(access.step);
    }
    if (is_read || copies < kLeastTimes) continue;
    // Nothing is left that uses it, so that nobody has to see to its first bytes.
    if (copies == accesses.size()) {
      Claim& first = finding.claims.front();
      first.ns = saturated(static_cast<double>(first.ns) + subject.costs.first_use_ns(target->size_bytes));
    }
    finding.object = model.name(object);
    finding.what = fmt::format("{} copies go to {}, which nothing reads.", copies, finding.object);
    finding.todo = "Leave the copies out, and the target too.";
    finding.saved_bytes = target->size_bytes;
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule kCopyNeverRead = {
    .name = "copy-never-read",
    .title = "Copies what nobody reads",
    .why = "A copy reads and writes every byte, and passes before and behind it wait for it.",
    .before = "encoder.copyBufferToBuffer(field, 0, debugCopy, 0, size); // for the debug view",
    .after = "if (debugViewIsOpen) encoder.copyBufferToBuffer(field, 0, debugCopy, 0, size);",
    .when_not = "Where the trace ends before the reading begins: record for longer.",
    .find = find,
};

}  // namespace shoal::review
