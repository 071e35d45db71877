// Vertex buffers of which the shaders read a small part.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "review/analysis/vertex_shader.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLeastBytes = 64 * 1024;
constexpr u64 kMostStride = 2048, kMostSlots = 32;  // more than WebGPU has
constexpr size_t kMostFixes = 16;

// Which bytes of a vertex the shader of a pipeline reads, slot by slot.
struct Reads {
  u64 stride = 0;
  std::vector<bool> bytes;
};

// The buffers of a pipeline and how it reads them; and all that draws with a buffer.
struct Use {
  std::set<std::pair<u32, u32>> slots;  // pipeline and slot
  std::vector<u32> steps;               // that set it
  bool is_other = false;
};

std::vector<Reads> reads_of(const RenderState& state, const VertexShader& shader) {
  std::vector<Reads> out;
  for (const VertexBufferLayout& buffer : state.buffers) {
    Reads& reads = out.emplace_back();
    if (buffer.stride_bytes == 0 || buffer.stride_bytes > kMostStride) continue;
    reads.stride = buffer.stride_bytes;
    reads.bytes.assign(static_cast<size_t>(buffer.stride_bytes), false);
    for (const VertexAttribute& attribute : buffer.attributes) {
      if (!shader.may_read(attribute.location)) continue;
      for (u64 i = 0; i < attribute_bytes(attribute.format) && attribute.offset_bytes + i < reads.stride; ++i) {
        reads.bytes[static_cast<size_t>(attribute.offset_bytes + i)] = true;
      }
    }
  }
  return out;
}

struct Pipelines {
  std::unordered_map<u32, u32> made;  // its step
  std::unordered_map<u32, std::vector<Reads>> reads;
};

// Which buffers are drawn with in which slots of which pipelines.
std::map<u32, Use> uses_of(const TraceModel& model, Pipelines& pipelines) {
  std::map<u32, Use> uses;
  std::unordered_map<u32, std::string_view> code;
  std::map<std::pair<u32, std::string_view>, VertexShader> shaders;  // by module and entry point
  struct Scope {
    u32 pipeline = 0;
    std::map<u32, u32> buffers;
  };
  std::unordered_map<u32, Scope> scopes;
  model.for_each<CreateShaderModule, CreateRenderPipeline, SetRenderPipeline, SetVertexBuffer, Draw, DrawIndexed,
                 DrawIndirect, DrawIndexedIndirect, MultiDrawIndirect, MultiDrawIndexedIndirect>(
      [&]<class C>(u32 step, const Step&, const C& command) {
        if constexpr (std::is_same_v<C, CreateShaderModule>) {
          code[command.module] = command.code;
        } else if constexpr (std::is_same_v<C, CreateRenderPipeline>) {
          pipelines.made[command.pipeline] = step;
          const RenderState& state = command.state;
          auto shader = shaders.find({state.module, state.entry_point});
          if (shader == shaders.end()) {
            VertexShader parsed(code[state.module], state.entry_point);
            shader = shaders.emplace(std::pair(state.module, state.entry_point), std::move(parsed)).first;
          }
          pipelines.reads[command.pipeline] = reads_of(state, shader->second);
        } else if constexpr (std::is_same_v<C, SetRenderPipeline>) {
          scopes[command.pass].pipeline = command.pipeline;
        } else if constexpr (std::is_same_v<C, SetVertexBuffer>) {
          if (command.slot >= kMostSlots) return;
          scopes[command.pass].buffers[command.slot] = command.buffer;
          Use& use = uses[command.buffer];
          use.steps.push_back(step);
          use.is_other = use.is_other || command.offset_bytes != 0;
        } else {
          const Scope& scope = scopes[command.pass];
          const auto reads = pipelines.reads.find(scope.pipeline);
          for (const auto& [slot, buffer] : scope.buffers) {
            if (reads == pipelines.reads.end()) {
              uses[buffer].is_other = true;
            } else if (slot < reads->second.size()) {
              uses[buffer].slots.emplace(scope.pipeline, slot);
            }
          }
        }
      });
  return uses;
}

// The bytes that any of them reads; nothing where their strides differ.
std::optional<std::vector<bool>> bytes_read(const Use& use, const Pipelines& pipelines) {
  std::vector<bool> all;
  for (const auto& [pipeline, slot] : use.slots) {
    const Reads& reads = pipelines.reads.at(pipeline)[slot];
    if (reads.stride == 0 || (!all.empty() && all.size() != reads.bytes.size())) return std::nullopt;
    all.resize(reads.bytes.size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = all[i] || reads.bytes[i];
  }
  if (all.empty()) return std::nullopt;
  return all;
}

// The write that fills the buffer, where one does from its begin, and what it brings.
std::optional<std::pair<u32, std::span<const std::byte>>> filling(const TraceModel& model, u32 buffer) {
  u32 step = kNone;
  for (const Access& access : model.accesses(buffer)) {
    if (!access.writes) continue;
    if (step != kNone) return std::nullopt;
    step = access.step;
  }
  if (step == kNone) return std::nullopt;
  const auto take = [&](const auto& command) -> std::optional<std::pair<u32, std::span<const std::byte>>> {
    if (command.offset_bytes != 0) return std::nullopt;
    return std::pair(step, model.payload(command));
  };
  switch (model.steps()[step].opcode) {
    case WriteBuffer::kOpcode: return take(model.read<WriteBuffer>(step));
    case WriteBufferFromBlob::kOpcode: return take(model.read<WriteBufferFromBlob>(step));
    case WriteMapped::kOpcode: return take(model.read<WriteMapped>(step));
    case WriteMappedFromBlob::kOpcode: return take(model.read<WriteMappedFromBlob>(step));
    default: return std::nullopt;
  }
}

// The pipeline must name what its shader declares, read or not: one number of the same sort will do.
VertexFormat narrowest(VertexFormat format) {
  for (const auto& [value, name] : names_of(format).names) {
    if (value != static_cast<u32>(format)) continue;
    if (name.starts_with("uint")) return VertexFormat::kUint32;
    if (name.starts_with("sint")) return VertexFormat::kSint32;
  }
  return VertexFormat::kFloat32;
}

// The same vertices without the bytes that nobody reads, in the same buffer; empty where its pipelines draw with
// other buffers too.
TraceEdit packed(const TraceModel& model, u32 buffer, const std::map<u32, Use>& uses, const Pipelines& pipelines,
                 const std::vector<bool>& read, u32 write_step, std::span<const std::byte> data) {
  const Use& use = uses.at(buffer);
  for (const auto& [other, theirs] : uses) {
    if (other == buffer) continue;
    for (const auto& slot : use.slots) {
      if (theirs.slots.contains(slot)) return {};
    }
  }
  std::vector<u64> place(read.size() + 1, 0);  // where a byte goes
  for (size_t i = 0; i < read.size(); ++i) place[i + 1] = place[i] + (read[i] ? 1 : 0);
  const u64 stride = align_up(place.back(), u64{4});
  const size_t vertices = data.size() / read.size();
  std::vector<std::byte> bytes(static_cast<size_t>(stride) * vertices);
  for (size_t vertex = 0; vertex < vertices; ++vertex) {
    for (size_t i = 0; i < read.size(); ++i) {
      if (read[i])
        bytes[vertex * static_cast<size_t>(stride) + static_cast<size_t>(place[i])] =
            data[vertex * read.size() + i];
    }
  }
  if (bytes.size() > kMostPayloadBytes) return {};
  TraceEdit fix;
  const u32 opcode = model.steps()[write_step].opcode;
  if (opcode == WriteBuffer::kOpcode || opcode == WriteBufferFromBlob::kOpcode) {
    fix.replace(write_step, WriteBuffer{.buffer = buffer, .offset_bytes = 0, .data = bytes});
  } else {
    fix.replace(write_step, WriteMapped{.buffer = buffer, .offset_bytes = 0, .data = bytes});
  }
  std::map<u32, CreateRenderPipeline> remade;
  for (const auto& [pipeline, slot] : use.slots) {
    const u32 step = pipelines.made.at(pipeline);
    auto& command = remade.try_emplace(step, model.read<CreateRenderPipeline>(step)).first->second;
    VertexBufferLayout& layout = command.state.buffers[slot];
    layout.stride_bytes = stride;
    for (VertexAttribute& attribute : layout.attributes) {
      const size_t from = static_cast<size_t>(attribute.offset_bytes);
      const bool is_read = from < read.size() && read[from];
      attribute.offset_bytes = is_read ? place[from] : 0;
      if (!is_read) attribute.format = narrowest(attribute.format);
      if (attribute.offset_bytes % 4 != 0 || attribute.offset_bytes + attribute_bytes(attribute.format) > stride)
        return {};
    }
  }
  for (const auto& [step, command] : remade) fix.replace(step, command);
  return fix;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  Pipelines pipelines;
  const std::map<u32, Use> uses = uses_of(model, pipelines);
  for (const auto& [buffer, use] : uses) {
    const Object* object = model.object(buffer);
    if (object == nullptr || use.is_other || use.slots.empty() || object->size_bytes < kLeastBytes) continue;
    // What kernels, copies and index fetches read of it is not looked at.
    constexpr u32 kOther = static_cast<u32>(BufferUsage::kStorage) | static_cast<u32>(BufferUsage::kUniform) |
                           static_cast<u32>(BufferUsage::kIndex) | static_cast<u32>(BufferUsage::kIndirect) |
                           static_cast<u32>(BufferUsage::kCopySrc);
    if ((static_cast<u32>(object->usage) & kOther) != 0) continue;
    const auto read = bytes_read(use, pipelines);
    if (!read) continue;
    const u64 used = static_cast<u64>(std::ranges::count(*read, true));
    if (used == 0 || 2 * used > read->size()) continue;
    Finding finding{.what = fmt::format("Of the {} bytes of a vertex of {} ({}) the shaders read {}.", read->size(),
                                        model.name(buffer), format_bytes(object->size_bytes), used),
                    .todo = "Keep what is drawn with in a buffer of its own.",
                    .step = use.steps.front(),
                    .object = model.name(buffer),
                    .claims = {},
                    .saved_bytes = object->size_bytes - object->size_bytes / read->size() * used};
    if (const auto written = filling(model, buffer)) {
      finding.claims.push_back({written->first, saturated(subject.costs.upload_ns(finding.saved_bytes))});
      if (findings.size() < kMostFixes) {
        finding.fix = packed(model, buffer, uses, pipelines, *read, written->first, written->second);
      }
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule kUnusedAttributes = {
    .name = "unused-attributes",
    .title = "Carries vertex data that no shader reads",
    .why =
        "Vertices are read by whole cache lines: normals, texture coordinates and tangents that lie between the "
        "positions come along whether a shader reads them or not, and take their memory.",
    .before = "buffers: [{arrayStride: 48, attributes: [position, normal, uv, tangent]}] // drawn in one colour",
    .after = "buffers: [{arrayStride: 12, attributes: [position]}]",
    .when_not =
        "Where another pass, which the recording did not come to, reads the rest. Reported is where half or less "
        "of a "
        "vertex is read, from 64 KiB on.",
    .find = find,
};

}  // namespace shoal::review
