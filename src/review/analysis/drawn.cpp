#include "review/analysis/drawn.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "review/analysis/known_bytes.h"
#include "review/analysis/vertex_shader.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kMostVertices = 1'000'000;  // in a review
constexpr u64 kMostOfDraw = 100'000;
constexpr u64 kMostOfQuad = 6;
constexpr u32 kMostSlots = 32;

struct Bound {
  u32 buffer = 0;
  u64 offset = 0;
};

// What a pass has set.
struct State {
  u32 pipeline = 0;
  std::map<u32, Bound> vertex_buffers;
  Bound indices;
  IndexFormat index_format = IndexFormat::kUndefined;
  bool is_limited = false, no_viewport = false, no_scissor = false;
};

// A draw as it was said.
struct Said {
  Drawn drawn;
  std::shared_ptr<const State> set;  // shared by all draws until something else is set
  bool is_indexed = false, is_direct = false;
  u32 count = 0, instances = 0, first = 0, first_instance = 0;
  i32 base_vertex = 0;
};

struct Pass {
  u32 step = 0, encoder = 0, draws = 0;
  std::shared_ptr<State> now = std::make_shared<State>();

  State& change() {
    if (now.use_count() > 1) now = std::make_shared<State>(*now);
    return *now;
  }
};

struct Pipeline {
  u32 step = 0;
  RenderState state;
};

// Bit by bit the planes of the clip volume that a position lies beyond. Lines and points reach no further than
// their vertices, up to a pixel.
u32 planes_beyond(const Position& p, bool clips_depth) {
  constexpr float kEdge = 1.02f;
  if (!(p[3] > 0)) return 0;
  u32 planes = 0;
  for (const size_t axis : {size_t{0}, size_t{1}}) {
    if (p[axis] > kEdge * p[3]) planes |= 1u << (2 * axis);
    if (p[axis] < -kEdge * p[3]) planes |= 2u << (2 * axis);
  }
  if (clips_depth && p[2] < 0) planes |= 16;
  if (clips_depth && p[2] > p[3]) planes |= 32;
  return planes;
}

bool holds(const Position& a, const Position& b, const Position& c, float x, float y) {
  const auto side = [&](const Position& p, const Position& q) {
    return (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]);
  };
  const float d = side(a, b), e = side(b, c), f = side(c, a);
  return (d >= 0 && e >= 0 && f >= 0) || (d <= 0 && e <= 0 && f <= 0);
}

// One triangle holds all four corners, or two hold three each and share the diagonal between the others.
bool covers(std::span<const Position> positions, PrimitiveTopology topology) {
  for (const Position& p : positions) {
    if (p[3] != 1 || p[2] < 0 || p[2] > 1) return false;
  }
  constexpr float kCorners[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
  const size_t stride = topology == PrimitiveTopology::kTriangleList ? 3 : 1;
  u32 held[2] = {0, 0};
  size_t triangles = 0;
  for (size_t i = 0; i + 3 <= positions.size(); i += stride, ++triangles) {
    if (triangles == 2) return false;
    for (u32 corner = 0; corner < 4; ++corner) {
      if (holds(positions[i], positions[i + 1], positions[i + 2], kCorners[corner][0], kCorners[corner][1]))
        held[triangles] |= 1u << corner;
    }
    if (held[triangles] == 15) return true;
  }
  // Convex as they are, two halves of the square leave nothing out.
  return triangles == 2 && (held[0] | held[1]) == 15 && ((held[0] & held[1]) == 5 || (held[0] & held[1]) == 10);
}

class Walk {
 public:
  Walk(const TraceModel& model, const std::function<void(const Drawn&)>& visitor)
      : model_(model), visitor_(visitor) {}

  void run() {
    learn_written();
    model_.for_each<CreateShaderModule, CreateRenderPipeline, CreateRenderPipelineAsync, BeginRenderPass,
                    SetRenderPipeline, SetVertexBuffer, SetIndexBuffer, SetViewport, SetScissorRect, Draw,
                    DrawIndexed, DrawIndirect, DrawIndexedIndirect, MultiDrawIndirect, MultiDrawIndexedIndirect,
                    ExecuteBundles, Finish, Submit, WriteBuffer, WriteBufferFromBlob, WriteMapped,
                    WriteMappedFromBlob>(
        [this](u32 step, const Step&, const auto& command) { take(step, command); });
  }

 private:
  // What the GPU writes as well is not known.
  void learn_written() {
    for (const auto& [buffer, accesses] : model_.all_accesses()) {
      for (const Access& access : accesses) {
        const u32 opcode = model_.steps()[access.step].opcode;
        const bool is_host_s = opcode == WriteBuffer::kOpcode || opcode == WriteBufferFromBlob::kOpcode ||
                               opcode == WriteMapped::kOpcode || opcode == WriteMappedFromBlob::kOpcode ||
                               opcode == MapAsyncWrite::kOpcode;
        if (access.writes && !is_host_s) written_.insert(buffer);
      }
    }
  }

  template <class C>
  void take(u32 step, const C& command) {
    if constexpr (std::is_same_v<C, CreateShaderModule>) {
      code_[command.module] = command.code;
    } else if constexpr (requires { command.state; }) {
      pipelines_[command.pipeline] = {step, command.state};
    } else if constexpr (std::is_same_v<C, BeginRenderPass>) {
      passes_[command.pass] = {.step = step, .encoder = command.encoder};
    } else if constexpr (requires { command.pass; }) {
      if (const auto pass = passes_.find(command.pass); pass != passes_.end())
        take_in_pass(pass->second, step, command);
    } else if constexpr (std::is_same_v<C, Finish>) {
      if (auto draws = recorded_.extract(command.encoder)) {
        draws.key() = command.command_buffer;
        recorded_.insert(std::move(draws));
      }
    } else if constexpr (std::is_same_v<C, Submit>) {
      for (const u32 buffer : command.command_buffers) {
        if (const auto draws = recorded_.find(buffer); draws != recorded_.end()) {
          for (Said& said : draws->second) finish(said);
          recorded_.erase(draws);
        }
      }
    } else {
      const auto data = model_.payload(command);
      if (!written_.contains(command.buffer)) known_[command.buffer].write(command.offset_bytes, data);
    }
  }

  template <class C>
  void take_in_pass(Pass& pass, u32 step, const C& command) {
    if constexpr (std::is_same_v<C, SetRenderPipeline>) {
      pass.change().pipeline = command.pipeline;
    } else if constexpr (std::is_same_v<C, SetVertexBuffer>) {
      if (command.slot < kMostSlots)
        pass.change().vertex_buffers[command.slot] = {command.buffer, command.offset_bytes};
    } else if constexpr (std::is_same_v<C, SetIndexBuffer>) {
      pass.change().indices = {command.buffer, command.offset_bytes};
      pass.change().index_format = command.format;
    } else if constexpr (std::is_same_v<C, SetViewport> || std::is_same_v<C, SetScissorRect>) {
      State& state = pass.change();
      state.is_limited = true;
      (std::is_same_v<C, SetViewport> ? state.no_viewport : state.no_scissor) =
          !(command.width > 0 && command.height > 0);
    } else if constexpr (std::is_same_v<C, ExecuteBundles>) {
      State& state = pass.change();
      state.pipeline = 0;
      state.vertex_buffers.clear();
      state.indices = {};
      ++pass.draws;
    } else {
      Said said{.drawn = {step, pass.step, pass.draws++}, .set = pass.now};
      const auto pipeline = pipelines_.find(pass.now->pipeline);
      said.drawn.pipeline = said.set->pipeline;
      said.drawn.pipeline_step = pipeline == pipelines_.end() ? kNone : pipeline->second.step;
      said.is_direct = std::is_same_v<C, Draw> || std::is_same_v<C, DrawIndexed>;
      if constexpr (std::is_same_v<C, Draw>) {
        said.count = command.vertex_count;
        said.first = command.first_vertex;
      } else if constexpr (std::is_same_v<C, DrawIndexed>) {
        said.is_indexed = true;
        said.count = command.index_count;
        said.first = command.first_index;
        said.base_vertex = command.base_vertex;
      }
      if constexpr (requires { command.instance_count; }) {
        said.instances = command.instance_count;
        said.first_instance = command.first_instance;
      }
      recorded_[pass.encoder].push_back(std::move(said));
    }
  }

  // When it is carried out: all that the queue wrote before is there.
  void finish(Said& said) {
    const auto pipeline = pipelines_.find(said.set->pipeline);
    if (pipeline != pipelines_.end() && said.is_direct && said.count > 0 && said.instances > 0) {
      if (said.set->no_viewport || said.set->no_scissor) {
        said.drawn.is_outside = true;
      } else {
        const RenderState& state = pipeline->second.state;
        const std::vector<Position> positions = positions_of(said, pipeline->second, said.drawn.is_outside);
        const bool is_filled = state.topology == PrimitiveTopology::kTriangleList ||
                               state.topology == PrimitiveTopology::kTriangleStrip;
        const bool is_culled = state.cull_mode == CullMode::kFront || state.cull_mode == CullMode::kBack;
        said.drawn.covers = is_filled && !is_culled && !said.set->is_limited && said.instances == 1 &&
                            covers(positions, state.topology);
      }
    }
    visitor_(said.drawn);
  }

  const VertexShader& shader_of(const RenderState& state) {
    auto known = shaders_.find({state.module, state.entry_point});
    if (known == shaders_.end()) {
      VertexShader parsed(code_[state.module], state.entry_point);
      known = shaders_.emplace(std::pair(state.module, state.entry_point), std::move(parsed)).first;
    }
    return known->second;
  }

  // All positions where they are few enough to cover the picture on purpose; else only whether all lie beyond one
  // plane, which one that does not decides.
  std::vector<Position> positions_of(const Said& said, const Pipeline& pipeline, bool& is_outside) {
    const u64 vertices = u64{said.count} * said.instances;
    if (vertices > kMostOfDraw || vertices_ > kMostVertices || !pipeline.state.constants.empty()) return {};
    const VertexShader& shader = shader_of(pipeline.state);
    std::vector<Position> positions;
    u32 planes = ~0u;
    for (u64 n = 0; n < vertices && (planes != 0 || vertices <= kMostOfQuad); ++n, ++vertices_) {
      const u32 instance = said.first_instance + static_cast<u32>(n / said.count);
      const u32 i = static_cast<u32>(n % said.count);
      const auto vertex = said.is_indexed ? index_at(said, i) : std::optional<u32>(said.first + i);
      if (!vertex) return {};
      const auto position = shader.position(
          *vertex, instance, [&](u32 location) { return attribute(said, pipeline, location, *vertex, instance); });
      if (!position) return {};
      planes &= planes_beyond(*position, pipeline.state.unclipped_depth == 0);
      if (vertices <= kMostOfQuad) positions.push_back(*position);
    }
    is_outside = planes != 0;
    return positions;
  }

  std::optional<u32> index_at(const Said& said, u32 i) {
    const u64 size = said.set->index_format == IndexFormat::kUint16 ? 2 : 4;
    const auto known = known_.find(said.set->indices.buffer);
    if (known == known_.end()) return std::nullopt;
    const auto bytes = known->second.at(said.set->indices.offset + size * (u64{said.first} + i), size);
    if (bytes.size() < size) return std::nullopt;
    u32 index = 0;
    std::memcpy(&index, bytes.data(), size);
    return index + static_cast<u32>(said.base_vertex);
  }

  std::optional<Position> attribute(const Said& said, const Pipeline& pipeline, u32 location, u32 vertex,
                                    u32 instance) {
    const auto& buffers = pipeline.state.buffers;
    for (u32 slot = 0; slot < buffers.size(); ++slot) {
      for (const VertexAttribute& one : buffers[slot].attributes) {
        if (one.location != location) continue;
        const auto bound = said.set->vertex_buffers.find(slot);
        if (bound == said.set->vertex_buffers.end()) return std::nullopt;
        const auto known = known_.find(bound->second.buffer);
        if (known == known_.end()) return std::nullopt;
        const u64 row = buffers[slot].step_mode == VertexStepMode::kInstance ? instance : vertex;
        const u64 at = bound->second.offset + row * std::min<u64>(buffers[slot].stride_bytes, 1 << 16) +
                       std::min<u64>(one.offset_bytes, 1 << 16);
        return read_attribute(one.format, known->second.at(at, attribute_bytes(one.format)));
      }
    }
    return std::nullopt;
  }

  const TraceModel& model_;
  const std::function<void(const Drawn&)>& visitor_;
  std::unordered_set<u32> written_;
  std::unordered_map<u32, std::string_view> code_;
  std::unordered_map<u32, Pipeline> pipelines_;
  std::unordered_map<u32, Pass> passes_;
  std::map<std::pair<u32, std::string_view>, VertexShader> shaders_;  // by module and entry point
  std::unordered_map<u32, std::vector<Said>> recorded_;               // by encoder, then by command buffer
  std::unordered_map<u32, KnownBytes> known_;
  u64 vertices_ = 0;
};

}  // namespace

void visit_drawn(const TraceModel& model, const std::function<void(const Drawn&)>& visitor) {
  Walk(model, visitor).run();
}

}  // namespace shoal::review
