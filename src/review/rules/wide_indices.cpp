// Indices of 32 bits that would fit into 16.
#include <algorithm>
#include <cstring>
#include <map>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastBytes = 64 * 1024;
constexpr u32 kMostIndex = 0xfffe;  // 0xffff restarts strips

struct Use {
  u32 buffer = 0;
  u32 sets = 0;
  bool is_other = false;  // in some way that 16 bits would change
  std::vector<u32> steps;
};

// The same indices as uint16, in the first half of the same buffer.
TraceEdit narrowed(const TraceModel& model, u32 write_step, std::span<const std::byte> data, const Use& use) {
  std::vector<u16> indices(align_up<size_t>(data.size() / 4, 2));
  for (size_t i = 0; i < data.size() / 4; ++i) {
    u32 index = 0;
    std::memcpy(&index, data.data() + 4 * i, sizeof index);
    indices[i] = static_cast<u16>(index);
  }
  TraceEdit fix;
  const auto bytes = std::as_bytes(std::span(indices));
  const u32 opcode = model.steps()[write_step].opcode;
  if (opcode == WriteBuffer::kOpcode || opcode == WriteBufferFromBlob::kOpcode) {
    fix.replace(write_step, WriteBuffer{.buffer = use.buffer, .offset_bytes = 0, .data = bytes});
  } else {
    fix.replace(write_step, WriteMapped{.buffer = use.buffer, .offset_bytes = 0, .data = bytes});
  }
  for (const u32 step : use.steps) {
    auto set = model.read<SetIndexBuffer>(step);
    set.format = IndexFormat::kUint16;
    set.offset_bytes /= 2;
    if (set.size_bytes != kWholeSize) set.size_bytes /= 2;
    fix.replace(step, set);
  }
  return fix;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, Use> uses;
  model.for_each<SetIndexBuffer>([&](u32 step, const Step&, const SetIndexBuffer& command) {
    Use& use = uses[command.buffer];
    use.buffer = command.buffer;
    ++use.sets;
    use.is_other = use.is_other || command.format != IndexFormat::kUint32;
    use.steps.push_back(step);
  });
  // A pipeline of strips names the format of its indices.
  bool has_strips = false;
  model.for_each<CreateRenderPipeline, CreateRenderPipelineAsync>([&](u32, const Step&, const auto& command) {
    has_strips = has_strips || command.state.strip_index_format != IndexFormat::kUndefined;
  });
  for (auto& [buffer, use] : uses) {
    const Object* object = model.object(buffer);
    if (object == nullptr || use.is_other || object->size_bytes < kLeastBytes) continue;
    // Written once and whole, by the program; read as indices only.
    constexpr u32 kOther = static_cast<u32>(BufferUsage::kStorage) | static_cast<u32>(BufferUsage::kVertex) |
                           static_cast<u32>(BufferUsage::kUniform) | static_cast<u32>(BufferUsage::kIndirect) |
                           static_cast<u32>(BufferUsage::kCopySrc);
    if ((static_cast<u32>(object->usage) & kOther) != 0) continue;
    u32 writes = 0, write_step = kNone;
    for (const Access& access : model.accesses(buffer)) {
      if (access.writes) ++writes, write_step = access.step;
    }
    if (writes != 1) continue;
    const u32 opcode = model.steps()[write_step].opcode;
    std::span<const std::byte> data;
    u64 offset = 0;
    const auto take = [&](const auto& command) {
      data = model.payload(command);
      offset = command.offset_bytes;
    };
    if (opcode == WriteBuffer::kOpcode) take(model.read<WriteBuffer>(write_step));
    if (opcode == WriteBufferFromBlob::kOpcode) take(model.read<WriteBufferFromBlob>(write_step));
    if (opcode == WriteMapped::kOpcode) take(model.read<WriteMapped>(write_step));
    if (opcode == WriteMappedFromBlob::kOpcode) take(model.read<WriteMappedFromBlob>(write_step));
    if (data.size() < kLeastBytes || offset != 0) continue;
    u32 largest = 0;
    for (size_t at = 0; at + 4 <= data.size(); at += 4) {
      u32 index = 0;
      std::memcpy(&index, data.data() + at, sizeof index);
      largest = std::max(largest, index);
    }
    if (largest > kMostIndex) continue;
    findings.push_back({.what = fmt::format("{} holds {} indices of 32 bits, and the largest is {}.",
                                            model.name(buffer), group_thousands(data.size() / 4), largest),
                        .todo = "Store them as uint16: half the memory, half of what drawing reads.",
                        .step = use.steps.front(),
                        .object = model.name(buffer),
                        .claims = {},
                        .saved_bytes = data.size() / 2,
                        .fix = has_strips || data.size() > kMostPayloadBytes
                                   ? TraceEdit()
                                   : narrowed(model, write_step, data, use)});
  }
}

}  // namespace

const Rule kWideIndices = {
    .name = "wide-indices",
    .title = "Uses 32-bit indices that fit into 16",
    .why =
        "Indices are read for every draw; those of 16 bits take half the memory and half the bandwidth, and more "
        "of them "
        "stay in caches.",
    .before = "const faces = new Uint32Array(mesh.faces);\npass.setIndexBuffer(buffer, 'uint32');",
    .after =
        "const faces = new Uint16Array(mesh.faces); // at most 65,535 vertices\npass.setIndexBuffer(buffer, "
        "'uint16');",
    .when_not = "Where the mesh will grow beyond 65,535 vertices. Below 64 KiB it is not reported.",
    .find = find,
};

}  // namespace shoal::review
