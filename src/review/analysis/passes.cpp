#include "review/analysis/passes.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "review/analysis/texture_bytes.h"

namespace shoal::review {
namespace {

using namespace gpu;

// Of a buffer; a texture is bound whole.
struct Range {
  u32 object = 0;
  u64 begin = 0, size_bytes = 0;
  auto operator<=>(const Range&) const = default;
};
using Ranges = std::set<Range>;

class PassWalk {
 public:
  explicit PassWalk(const TraceModel& model) : model_(model) {}

  std::vector<Pass> run() {
    model_.for_each<ConfigureCanvas, GetCurrentTexture, CreateBindGroup, BeginComputePass, BeginRenderPass,
                    CreateRenderBundleEncoder, SetBindGroup, SetVertexBuffer, SetIndexBuffer, DispatchWorkgroups,
                    DispatchWorkgroupsIndirect, Draw, DrawIndexed, DrawIndirect, DrawIndexedIndirect,
                    MultiDrawIndirect, MultiDrawIndexedIndirect, ExecuteBundles, FinishBundle, EndPass, Finish,
                    Submit>([this](u32 step, const Step& said, const auto& command) {
      step_ = step;
      frame_ = said.frame;
      take(command);
    });
    return std::move(passes_);
  }

 private:
  struct Binding {
    Range range;
    u32 number = 0;
    bool is_known = true;
  };
  struct Scope {
    u32 pass = kNone;  // its number; kNone: a bundle
    bool is_known = true;
    bool is_changed = false;                                 // something was set since the last draw
    std::map<u32, std::pair<u32, std::vector<u32>>> groups;  // by index: bind group, dynamic offsets
    std::map<u32, Range> buffers;                            // vertex buffers by slot; the index buffer last
    u64 attachments = 0;
    Ranges used;
  };

  // A hostile trace can execute one large bundle again and again.
  void use(Scope& scope, const Range& range) {
    if (budget_ == 0) {
      scope.is_known = false;
      return;
    }
    --budget_;
    scope.used.insert(range);
  }

  std::optional<Range> buffer_range(u32 buffer, u64 offset, u64 size_bytes) const {
    const Object* object = model_.object(buffer);
    if (object == nullptr || object->kind != ObjectKind::kBuffer || offset > object->size_bytes)
      return std::nullopt;
    return Range{buffer, offset, std::min(size_bytes, object->size_bytes - offset)};
  }
  std::optional<u64> texture_size(u32 view) const {
    const Object* of_view = model_.object(view);
    if (of_view == nullptr) return std::nullopt;
    if (const auto canvas_s = canvas_textures_.find(of_view->of); canvas_s != canvas_textures_.end()) {
      return canvas_s->second;
    }
    const Object* texture = model_.object(of_view->of);
    if (texture == nullptr || texture->size_bytes == 0) return std::nullopt;
    return texture->size_bytes;
  }

  Scope* scope_of(u32 pass) {
    const auto found = scopes_.find(pass);
    return found == scopes_.end() ? nullptr : &found->second;
  }

  void draw(u32 pass) {
    Scope* scope = scope_of(pass);
    if (scope == nullptr || !scope->is_changed) return;
    scope->is_changed = false;
    scope->is_known = scope->is_known && budget_ > 0;
    if (budget_ == 0) return;
    for (const auto& [index, set] : scope->groups) {
      const auto bound = groups_.find(set.first);
      if (bound == groups_.end()) continue;
      // Dynamic offsets are in the order of the bindings that have one, which a layout tells; where each binding
      // has one, no layout is needed, and otherwise the ranges have the same sizes wherever they lie.
      const bool moves_all = set.second.size() == bound->second.size();
      for (size_t i = 0; i < bound->second.size(); ++i) {
        Range range = bound->second[i].range;
        scope->is_known = scope->is_known && bound->second[i].is_known;
        if (moves_all) range.begin += set.second[i];
        use(*scope, range);
      }
    }
    for (const auto& [slot, range] : scope->buffers) use(*scope, range);
  }

  void attach(Scope& scope, u32 view, bool loads, bool stores) {
    if (view == 0 || (!loads && !stores)) return;
    const auto size = texture_size(view);
    scope.is_known = scope.is_known && size.has_value();
    scope.attachments += (u64{loads} + u64{stores}) * size.value_or(0);
  }

  void begin(u32 encoder, u32 pass, std::string_view label, bool draws) {
    Scope scope;
    scope.pass = static_cast<u32>(passes_.size());
    scopes_[pass] = std::move(scope);
    passes_.push_back({.label = std::string(label), .draws = draws, .begin_step = step_, .frame = frame_});
    encoded_[encoder].push_back(static_cast<u32>(passes_.size() - 1));
  }

  void take(const ConfigureCanvas& command) {
    canvases_[command.canvas] = texture_bytes({.dimension = TextureDimension::k2d,
                                               .format = command.configuration.format,
                                               .width = command.configuration.width,
                                               .height = command.configuration.height,
                                               .depth_or_layers = 1,
                                               .mip_level_count = 1,
                                               .sample_count = 1,
                                               .view_formats = {}});
  }
  void take(const GetCurrentTexture& command) { canvas_textures_[command.texture] = canvases_[command.canvas]; }
  void take(const CreateBindGroup& command) {
    std::vector<Binding>& bindings = groups_[command.bind_group];
    bindings.clear();
    for (const BindEntry& entry : command.entries) {
      if (entry.sampler != 0) continue;
      Binding& added = bindings.emplace_back();
      added.number = entry.binding;
      if (entry.buffer != 0) {
        const auto range = buffer_range(entry.buffer, entry.offset_bytes, entry.size_bytes);
        added.is_known = range.has_value();
        added.range = range.value_or(Range{});
      } else {
        const auto size = texture_size(entry.texture_view);
        added.is_known = size.has_value();
        added.range = {entry.texture_view, 0, size.value_or(0)};
      }
    }
    std::ranges::sort(bindings, {}, &Binding::number);
  }
  void take(const BeginComputePass& command) { begin(command.encoder, command.pass, command.label, false); }
  void take(const BeginRenderPass& command) {
    begin(command.encoder, command.pass, command.label, true);
    Scope& scope = scopes_[command.pass];
    for (const ColorAttachment& color : command.targets.color_attachments) {
      attach(scope, color.view, color.load == LoadOp::kLoad, color.store == StoreOp::kStore);
      attach(scope, color.resolve_target, false, true);
    }
    for (const DepthStencilAttachment& depth : command.targets.depth_stencil) {
      attach(scope, depth.view,
             depth.depth_load == LoadOp::kLoad || depth.stencil_load == LoadOp::kLoad || depth.depth_read_only != 0,
             depth.depth_store == StoreOp::kStore || depth.stencil_store == StoreOp::kStore);
    }
  }
  void take(const CreateRenderBundleEncoder& command) { scopes_[command.pass] = {}; }
  void take(const SetBindGroup& command) {
    if (Scope* scope = scope_of(command.pass); scope != nullptr) {
      scope->is_changed = true;
      scope->groups[command.index] = {command.bind_group,
                                      {command.dynamic_offsets.begin(), command.dynamic_offsets.end()}};
    }
  }
  void set_buffer(u32 pass, u32 slot, u32 buffer, u64 offset, u64 size_bytes) {
    Scope* scope = scope_of(pass);
    if (scope == nullptr) return;
    scope->is_changed = true;
    const auto range = buffer_range(buffer, offset, size_bytes);
    if (!range) {
      scope->buffers.erase(slot);
      return;
    }
    scope->buffers[slot] = *range;
  }
  void take(const SetVertexBuffer& command) {
    set_buffer(command.pass, command.slot, command.buffer, command.offset_bytes, command.size_bytes);
  }
  void take(const SetIndexBuffer& command) {
    set_buffer(command.pass, kAllOrNone, command.buffer, command.offset_bytes, command.size_bytes);
  }
  template <class Command>
    requires requires(Command command) { command.pass; }
  void take(const Command& command) {
    draw(command.pass);
  }
  void take(const ExecuteBundles& command) {
    Scope* scope = scope_of(command.pass);
    if (scope == nullptr) return;
    for (const u32 bundle : command.bundles) {
      const auto finished = bundles_.find(bundle);
      if (finished == bundles_.end()) continue;
      scope->is_known = scope->is_known && finished->second.is_known;
      for (const Range& range : finished->second.used) {
        use(*scope, range);
        if (budget_ == 0) break;
      }
    }
  }
  void take(const FinishBundle& command) {
    const auto found = scopes_.find(command.pass);
    if (found == scopes_.end()) return;
    bundles_[command.bundle] = std::move(found->second);
    scopes_.erase(found);
  }
  void take(const EndPass& command) {
    const auto found = scopes_.find(command.pass);
    if (found == scopes_.end()) return;
    const Scope& scope = found->second;
    if (scope.is_known && scope.pass != kNone) {
      u64 bytes = scope.attachments;
      for (const Range& range : scope.used) bytes += range.size_bytes;
      passes_[scope.pass].bound_bytes = bytes;
    }
    scopes_.erase(found);
  }
  void take(const Finish& command) {
    const auto found = encoded_.find(command.encoder);
    if (found == encoded_.end()) return;
    std::vector<u32> passes = std::move(found->second);
    encoded_.erase(found);
    encoded_[command.command_buffer] = std::move(passes);
  }
  void take(const Submit& command) {
    for (const u32 id : command.command_buffers) {
      const auto found = encoded_.find(id);
      if (found == encoded_.end()) continue;
      for (const u32 pass : found->second) passes_[pass].submit_step = step_;
      encoded_.erase(found);
    }
  }

  const TraceModel& model_;
  u32 step_ = 0, frame_ = 0;
  u64 budget_ = u64{4} << 20;  // ranges
  std::vector<Pass> passes_;
  std::unordered_map<u32, u64> canvases_, canvas_textures_;
  std::unordered_map<u32, std::vector<Binding>> groups_;
  std::unordered_map<u32, Scope> scopes_, bundles_;
  std::unordered_map<u32, std::vector<u32>> encoded_;  // numbers of passes, by encoder, then by command buffer
};

}  // namespace

std::vector<Pass> passes_of(const TraceModel& model) { return PassWalk(model).run(); }

}  // namespace shoal::review
