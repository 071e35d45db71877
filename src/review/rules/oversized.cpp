// Buffers that are far larger than what is ever put into them.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastSavedBytes = 1 << 20;
constexpr u64 kShare = 4;  // at most one in so many bytes is used
constexpr u32 kLeastSubmissions = 4;
constexpr size_t kMostFixes = 16;  // each is a walk over the trace

constexpr bool has(BufferUsage usage, BufferUsage flag) {
  return (static_cast<u32>(usage) & static_cast<u32>(flag)) != 0;
}

// The end of what is written to it or read from it by ranges; nothing where something writes without saying where.
std::optional<u64> used_end(const TraceModel& model, u32 buffer, u64 size_bytes) {
  u64 end = 0;
  for (const Access& access : model.accesses(buffer)) {
    const u32 opcode = model.steps()[access.step].opcode;
    const bool is_bound = opcode == EndPass::kOpcode || opcode == FinishBundle::kOpcode;
    // A clear fills what nobody has filled; what is bound for reading only is read as far as it was written.
    if (opcode == ClearBuffer::kOpcode || (is_bound && !access.writes)) continue;
    if (access.end >= size_bytes) return std::nullopt;
    end = std::max(end, access.end);
  }
  return end;
}

// All that names the buffer's end, with the new one; empty where that cannot be.
TraceEdit shrunk(const TraceModel& model, u32 buffer, const Object& object, u64 size_bytes) {
  TraceEdit fix;
  bool is_possible = !has(object.usage, BufferUsage::kUniform);
  auto made = model.read<CreateBuffer>(object.made);
  made.size_bytes = size_bytes;
  fix.replace(object.made, made);
  const auto clip = [&](u64 offset, u64& size) {
    if (offset >= size_bytes) is_possible = false;
    if (size == kWholeSize || size <= size_bytes - std::min(offset, size_bytes)) return false;
    size = size_bytes - std::min(offset, size_bytes);
    return true;
  };
  model.for_each<SetVertexBuffer, SetIndexBuffer, ClearBuffer>([&](u32 step, const Step&, auto command) {
    if (command.buffer == buffer && clip(command.offset_bytes, command.size_bytes)) fix.replace(step, command);
  });
  model.for_each<CreateBindGroup>([&](u32 step, const Step&, CreateBindGroup command) {
    bool is_changed = false;
    for (BindEntry& entry : command.entries) {
      if (entry.buffer == buffer) is_changed = clip(entry.offset_bytes, entry.size_bytes) || is_changed;
    }
    if (is_changed) fix.replace(step, command);
  });
  return is_possible ? std::move(fix) : TraceEdit();
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  if (model.submissions().size() < kLeastSubmissions) return;
  std::vector<u32> buffers;
  for (const auto& [id, object] : model.objects()) {
    if (object.kind == ObjectKind::kBuffer && object.size_bytes >= kLeastSavedBytes) buffers.push_back(id);
  }
  std::ranges::sort(buffers);
  for (const u32 id : buffers) {
    const Object& object = *model.object(id);
    const auto end = used_end(model, id, object.size_bytes);
    if (!end || *end == 0 || *end > object.size_bytes / kShare) continue;
    const u64 size_bytes = align_up(*end, u64{256});
    const u64 saved_bytes = object.size_bytes - size_bytes;
    if (saved_bytes < kLeastSavedBytes) continue;
    // What is bound is zero until it is written, which the first use sees to.
    findings.push_back({.what = fmt::format("{} has {}, of which the first {} are ever used.", model.name(id),
                                            format_bytes(object.size_bytes), format_bytes(*end)),
                        .todo = "Begin with what is needed now, and double it when it is full.",
                        .step = object.made,
                        .object = model.name(id),
                        .claims = {{object.made, saturated(subject.costs.first_use_ns(saved_bytes))}},
                        .saved_bytes = saved_bytes,
                        .fix = findings.size() < kMostFixes ? shrunk(model, id, object, size_bytes) : TraceEdit()});
  }
}

}  // namespace

const Rule kOversized = {
    .name = "oversized",
    .title = "Makes a buffer far larger than what it holds",
    .why =
        "The memory is reserved for it and cleared before its first use, whatever is put there. What other "
        "programs "
        "and the driver need goes to the host meanwhile.",
    .before = "const points = device.createBuffer({size: 8 * mostPointsOfADay, usage});",
    .after = "if (count > capacity) points = grow(points, 2 * capacity); // makes it, copies, destroys the old one",
    .when_not =
        "Where it fills up later than the recording goes: record for longer. Reported is what is used to at most a "
        "quarter, from 1 MB on.",
    .find = find,
};

}  // namespace shoal::review
