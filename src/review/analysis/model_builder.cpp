#include "review/analysis/model_builder.h"

#include <algorithm>

#include "base/text.h"
#include "gpu/decode.gen.h"
#include "review/analysis/object_ids.h"
#include "review/analysis/shader_bindings.h"
#include "review/analysis/texture_bytes.h"

namespace shoal::review {
namespace {

using namespace gpu;

// A stranger's offset and size may wrap.
u64 end_of(u64 offset, u64 size) { return size > kWholeSize - offset ? kWholeSize : offset + size; }

constexpr bool has(BufferUsage usage, BufferUsage flag) {
  return (static_cast<u32>(usage) & static_cast<u32>(flag)) != 0;
}

// Frames of the recorder's neighbours say nothing about the program.
bool is_library_frame(std::string_view module) {
  for (const std::string_view part : {"<frozen", "/wgpu/_", "/wgpu/backends/", "/wgpu/utils/"}) {
    if (module.find(part) != std::string_view::npos) return true;
  }
  const size_t slash = module.rfind('/');
  const std::string_view file = slash == std::string_view::npos ? module : module.substr(slash + 1);
  return file.starts_with("libshoal_record") || file.starts_with("libwgpu_native") || file.starts_with("libffi") ||
         file.starts_with("_cffi_backend") || file.starts_with("libpython") || file.starts_with("python3") ||
         file.starts_with("libc.so") || file.starts_with("ld-linux");
}

// As V8 names a module that came as bytes, and every browser one that was streamed or has no names.
bool is_wasm_frame(const ScriptFrame& frame) {
  return frame.file.starts_with("wasm:") || frame.function.starts_with("wasm-function[") ||
         frame.file.substr(0, frame.file.find_first_of("?#")).ends_with(".wasm");
}

}  // namespace

void ModelBuilder::build() {
  model_.stacks_.emplace_back();
  model_.stack_frames_.emplace_back();
  for (u32 i = 0; i < model_.trace_.records.size(); ++i) {
    const TraceRecord& record = model_.trace_.records[i];
    switch (record.kind) {
      case TraceKind::kStream: take_stream(i); break;
      case TraceKind::kNotes: take_notes(record); break;
      case TraceKind::kEvents: take_events(record); break;
      case TraceKind::kBlob:
      case TraceKind::kEnd: break;
    }
  }
}

void ModelBuilder::take_notes(const TraceRecord& record) {
  (void)decode_notes(record.words, [this]<class Note>(const Note& note) {
    if constexpr (std::is_same_v<Note, DeviceInfo>) {
      if (!model_.adapter_.empty()) return;
      model_.adapter_ = note.adapter;
      model_.driver_ = note.driver;
      model_.adapter_type_ = note.type;
    } else if constexpr (std::is_same_v<Note, StackFrame>) {
      // Numbered from 1 as they come; what is not is a stranger's, and its stacks have gaps.
      if (note.frame != model_.stack_frames_.size()) return;
      const size_t slash = note.module.rfind('/');
      const std::string_view module = slash == std::string_view::npos ? note.module : note.module.substr(slash + 1);
      std::string text = note.function.empty() ? fmt::format("{}+{:#x}", module, note.offset_bytes)
                                               : std::string(note.function.substr(0, 200));
      if (!note.file.empty()) text += fmt::format(" ({}:{})", note.file, note.line);
      model_.stack_frames_.push_back({std::move(text), is_library_frame(note.module)});
    } else if constexpr (std::is_same_v<Note, ScriptFrame>) {
      if (note.frame != model_.stack_frames_.size()) return;
      std::string text(note.function.substr(0, 200));
      text += fmt::format("{}({}:{}:{})", text.empty() ? "" : " ", note.file, note.line, note.column);
      model_.stack_frames_.push_back({.text = std::move(text), .is_wasm = is_wasm_frame(note)});
    } else if constexpr (std::is_same_v<Note, Stack>) {
      if (note.stack != model_.stacks_.size()) return;
      model_.stacks_.emplace_back(note.frames.begin(), note.frames.end());
    } else if constexpr (std::is_same_v<Note, Crossings>) {
      if (model_.frames_.empty()) return;
      model_.frames_.back().calls_out = note.out_of_wasm;
      model_.frames_.back().calls_out_ns = note.script_ns;
    }
  });
}

void ModelBuilder::take_events(const TraceRecord& record) {
  (void)decode_events(record.words, [&]<class Event>(const Event& event) {
    if constexpr (std::is_same_v<Event, Mapped> || std::is_same_v<Event, MappedBlob>) {
      model_.map_answers_[event.ticket] = {record.host_time_ns, static_cast<u32>(model_.steps_.size()),
                                           model_.payload(event)};
    }
  });
}

void ModelBuilder::take_stream(u32 number) {
  const TraceRecord& record = model_.trace_.records[number];
  const u32* const base = record.words.data();
  u64 at_ns = record.host_time_ns;
  u32 duration_ns = 0, stack = 0;
  // decode_commands gives structs; where each lies is counted along.
  size_t word = 0;
  (void)decode_commands(record.words, [&]<class Command>(const Command& command) {
    const size_t head = word;
    word += base[head] >> 8;
    if constexpr (std::is_same_v<Command, Call>) {
      at_ns = record.host_time_ns + command.begin_ns;
      duration_ns = command.duration_ns == kAllOrNone ? 0 : command.duration_ns;
      stack = command.stack;
    } else {
      step_ = static_cast<u32>(model_.steps_.size());
      if (!in_frame_) {
        model_.frames_.push_back({.first_step = step_, .begin_ns = at_ns, .end_ns = at_ns});
        in_frame_ = true;
      }
      FrameSpan& frame = model_.frames_.back();
      frame.end_ns = std::max(frame.end_ns, at_ns + duration_ns);
      model_.steps_.push_back({.at_ns = at_ns,
                               .duration_ns = duration_ns,
                               .stack = stack,
                               .record = number,
                               .word = static_cast<u32>(head),
                               .frame = static_cast<u32>(model_.frames_.size() - 1),
                               .opcode = Command::kOpcode});
      take(command);
      duration_ns = stack = 0;
      at_ns = record.host_time_ns;
    }
  });
}

void ModelBuilder::make(u32 id, ObjectKind kind, std::string_view label, u32 of) {
  model_.objects_[id] = {.kind = kind, .made = step_, .label = label, .of = of};
}

u32 ModelBuilder::texture_of(u32 view) const {
  const Object* found = model_.object(view);
  return found == nullptr ? 0 : found->of;
}

void ModelBuilder::touch(u32 encoder, u32 object, bool reads, bool writes, u64 begin, u64 end) {
  if (object == 0 || model_.budget_ == 0) return;
  --model_.budget_;
  pending_[encoder].push_back(
      {object, {.step = step_, .reads = reads, .writes = writes, .begin = begin, .end = end}});
}

void ModelBuilder::touch_now(u32 object, bool reads, bool writes, u64 begin, u64 end) {
  if (object == 0 || model_.budget_ == 0) return;
  --model_.budget_;
  model_.accesses_[object].push_back({.step = step_,
                                      .submission = static_cast<u32>(model_.submissions_.size()),
                                      .reads = reads,
                                      .writes = writes,
                                      .begin = begin,
                                      .end = end});
}

bool ModelBuilder::shader_writes(const BindLayout& layout, u32 binding) const {
  if (layout.pipeline == 0) {
    const auto entry = std::ranges::find(layout.entries, binding, &LayoutEntry::binding);
    if (entry == layout.entries.end()) return true;
    return entry->kind == BindingKind::kStorage ||
           (entry->kind == BindingKind::kStorageTexture && entry->access != StorageTextureAccess::kReadOnly);
  }
  const auto code = pipeline_code_.find(layout.pipeline);
  return code == pipeline_code_.end() || std::ranges::any_of(code->second, [&](std::string_view wgsl) {
           return may_write(wgsl, layout.index, binding);
         });
}

std::vector<ModelBuilder::Bound> ModelBuilder::bindings(const CreateBindGroup& command) const {
  std::vector<Bound> bound;
  const auto layout = layouts_.find(command.layout);
  for (const BindEntry& entry : command.entries) {
    const bool is_storable = [&] {
      const Object* object = model_.object(entry.buffer);
      return object == nullptr || has(object->usage, BufferUsage::kStorage);
    }();
    const bool writes = is_storable && (layout == layouts_.end() || shader_writes(layout->second, entry.binding));
    if (entry.buffer != 0) {
      // A dynamic offset moves it within the buffer.
      bool is_moved = layout == layouts_.end();
      if (!is_moved) {
        for (const LayoutEntry& said : layout->second.entries) {
          is_moved = is_moved || (said.binding == entry.binding && said.has_dynamic_offset != 0);
        }
      }
      bound.push_back({entry.buffer, is_moved ? 0 : entry.offset_bytes,
                       is_moved ? kWholeSize : end_of(entry.offset_bytes, entry.size_bytes), writes});
    } else if (entry.texture_view != 0) {
      // A layout that the shader made does not say which textures are storage textures.
      const bool is_own = layout != layouts_.end() && layout->second.pipeline != 0;
      const u32 texture = texture_of(entry.texture_view);
      bound.push_back({texture, 0, kWholeSize, is_own ? storage_textures_.contains(texture) : writes});
    }
  }
  return bound;
}

// What was set since the last draw is used by this one.
void ModelBuilder::use(Scope& scope) {
  if (!scope.is_changed) return;
  scope.is_changed = false;
  for (const auto& [index, group] : scope.groups) scope.used_groups.insert(group);
  for (const auto& [slot, buffer] : scope.vertex_buffers) scope.read_buffers.insert(buffer);
  if (scope.index_buffer != 0) scope.read_buffers.insert(scope.index_buffer);
}

void ModelBuilder::end_scope(Scope& scope, Pending& to) {
  const auto add = [&](u32 object, Access access) {
    if (object == 0 || model_.budget_ == 0) return;
    --model_.budget_;
    to.push_back({object, access});
  };
  for (const u32 group : scope.used_groups) {
    if (model_.budget_ == 0) break;
    const auto bound = groups_.find(group);
    if (bound == groups_.end()) continue;
    for (const Bound& one : bound->second) {
      add(one.object, {.step = step_, .reads = true, .writes = one.writes, .begin = one.begin, .end = one.end});
    }
  }
  for (const u32 buffer : scope.read_buffers) {
    add(buffer, {.step = step_, .reads = true, .begin = 0, .end = kWholeSize});
  }
  for (const auto& [object, access] : scope.others) add(object, access);
}

template <class Command>
void ModelBuilder::take(const Command& command) {
  count_uses(command);
  learn_object(command);
  take_encoded(command);
  take_in_pass(command);
  using C = Command;
  if constexpr (std::is_same_v<C, WriteBuffer> || std::is_same_v<C, WriteBufferFromBlob> ||
                std::is_same_v<C, WriteMapped> || std::is_same_v<C, WriteMappedFromBlob>) {
    touch_now(command.buffer, false, true, command.offset_bytes,
              end_of(command.offset_bytes, model_.payload(command).size()));
  } else if constexpr (std::is_same_v<C, WriteTexture> || std::is_same_v<C, WriteTextureFromBlob>) {
    touch_now(command.target.texture, false, true);
  } else if constexpr (std::is_same_v<C, MapAsync>) {
    touch_now(command.buffer, true, false, command.offset_bytes, end_of(command.offset_bytes, command.size_bytes));
  } else if constexpr (std::is_same_v<C, MapAsyncWrite>) {
    touch_now(command.buffer, true, true, command.offset_bytes, end_of(command.offset_bytes, command.size_bytes));
  } else if constexpr (std::is_same_v<C, Submit>) {
    Submission submission{.step = step_};
    for (const u32 id : command.command_buffers) {
      const auto pending = pending_.find(id);
      if (pending == pending_.end()) continue;
      for (auto& [object, access] : pending->second) {
        access.submission = static_cast<u32>(model_.submissions_.size());
        model_.accesses_[object].push_back(access);
        submission.has_work = true;
      }
      pending_.erase(pending);
    }
    model_.submissions_.push_back(submission);
  } else if constexpr (std::is_same_v<C, GetCurrentTexture>) {
    make(command.texture, ObjectKind::kTexture, "", 0);
    model_.objects_[command.texture].is_canvas_s = true;
    canvas_textures_[command.canvas] = command.texture;
  } else if constexpr (std::is_same_v<C, Present>) {
    if (const auto shown = canvas_textures_.find(command.canvas); shown != canvas_textures_.end()) {
      touch_now(shown->second, true, false);
    }
    in_frame_ = false;
  } else if constexpr (std::is_same_v<C, FrameMark>) {
    in_frame_ = false;
  }
}

// Every id that a command names, but those that it makes.
template <class Command>
void ModelBuilder::count_uses(const Command& command) {
  if constexpr (std::is_same_v<Command, Release> || std::is_same_v<Command, SetLabel> ||
                std::is_same_v<Command, DestroyBuffer> || std::is_same_v<Command, DestroyTexture> ||
                std::is_same_v<Command, DestroyQuerySet> || std::is_same_v<Command, Unsupported>) {
    return;
  }
  const auto count = [this]<class Self, class Item>(const Self& self, const Item& item) -> void {
    Item::visit(item, [&](const auto&... fields) {
      [[maybe_unused]] size_t i = 0;
      [[maybe_unused]] const auto one = [&]<class T>(const T& field, std::string_view type) {
        if constexpr (std::is_same_v<T, u32>) {
          if (!is_object_id(type)) return;
          if (const auto used = model_.objects_.find(field); used != model_.objects_.end()) ++used->second.uses;
        } else if constexpr (std::is_same_v<T, std::span<const u32>>) {
          if (!type.starts_with("list id ")) return;
          for (const u32 id : field) {
            if (const auto used = model_.objects_.find(id); used != model_.objects_.end()) ++used->second.uses;
          }
        } else if constexpr (requires { T::kFields; }) {
          self(self, field);
        } else if constexpr (requires { field.begin()->kFields; }) {
          for (const auto& inner : field) self(self, inner);
        }
      };
      (one(fields, Item::kTypes[i++]), ...);
    });
  };
  count(count, command);
}

template <class Command>
void ModelBuilder::learn_object(const Command& command) {
  using C = Command;
  if constexpr (std::is_same_v<C, CreateBuffer>) {
    make(command.buffer, ObjectKind::kBuffer, command.label);
    Object& made = model_.objects_[command.buffer];
    made.size_bytes = command.size_bytes;
    made.usage = command.usage;
  } else if constexpr (std::is_same_v<C, CreateTexture>) {
    make(command.texture, ObjectKind::kTexture, command.label);
    model_.objects_[command.texture].size_bytes = texture_bytes(command.descriptor);
    constexpr u32 kStorable = static_cast<u32>(TextureUsage::kStorageBinding);
    if ((static_cast<u32>(command.descriptor.usage) & kStorable) != 0) storage_textures_.insert(command.texture);
  } else if constexpr (std::is_same_v<C, CreateTextureView>) {
    make(command.view, ObjectKind::kTextureView, command.label, command.texture);
  } else if constexpr (std::is_same_v<C, CreateSampler>) {
    make(command.sampler, ObjectKind::kSampler, command.label);
  } else if constexpr (std::is_same_v<C, CreateShaderModule>) {
    make(command.module, ObjectKind::kShaderModule, command.label);
    module_code_[command.module] = command.code;
  } else if constexpr (std::is_same_v<C, CreateBindGroupLayout>) {
    make(command.layout, ObjectKind::kBindGroupLayout, command.label);
    layouts_[command.layout] = {.entries = command.entries};
  } else if constexpr (std::is_same_v<C, GetBindGroupLayout>) {
    make(command.layout, ObjectKind::kBindGroupLayout, "", command.pipeline);
    const auto given = pipeline_layouts_.find(command.pipeline);
    if (given != pipeline_layouts_.end() && command.index < given->second.size()) {
      const auto known = layouts_.find(given->second[command.index]);
      if (known != layouts_.end()) {
        layouts_[command.layout] = BindLayout(known->second);
        return;
      }
    }
    layouts_[command.layout] = {.entries = {}, .pipeline = command.pipeline, .index = command.index};
  } else if constexpr (std::is_same_v<C, CreatePipelineLayout>) {
    make(command.layout, ObjectKind::kPipelineLayout, command.label);
    layout_lists_[command.layout].assign(command.bind_group_layouts.begin(), command.bind_group_layouts.end());
  } else if constexpr (std::is_same_v<C, CreateComputePipeline> || std::is_same_v<C, CreateComputePipelineAsync>) {
    make(command.pipeline, ObjectKind::kComputePipeline, command.label);
    pipeline_code_[command.pipeline] = {module_code_[command.module]};
    if (command.layout != 0) pipeline_layouts_[command.pipeline] = layout_lists_[command.layout];
  } else if constexpr (std::is_same_v<C, CreateRenderPipeline> || std::is_same_v<C, CreateRenderPipelineAsync>) {
    make(command.pipeline, ObjectKind::kRenderPipeline, command.label);
    auto& code = pipeline_code_[command.pipeline];
    code = {module_code_[command.state.module]};
    for (const FragmentState& fragment : command.state.fragment) code.push_back(module_code_[fragment.module]);
    if (command.state.layout != 0) pipeline_layouts_[command.pipeline] = layout_lists_[command.state.layout];
  } else if constexpr (std::is_same_v<C, CreateBindGroup>) {
    make(command.bind_group, ObjectKind::kBindGroup, command.label);
    groups_[command.bind_group] = bindings(command);
  } else if constexpr (std::is_same_v<C, CreateQuerySet>) {
    make(command.query_set, ObjectKind::kQuerySet, command.label);
  } else if constexpr (std::is_same_v<C, SetLabel>) {
    if (const auto named = model_.objects_.find(command.object); named != model_.objects_.end()) {
      named->second.label = command.label;
    }
  } else if constexpr (std::is_same_v<C, Release>) {
    if (const auto ended = model_.objects_.find(command.object); ended != model_.objects_.end()) {
      ended->second.released = step_;
    }
  } else if constexpr (std::is_same_v<C, DestroyBuffer>) {
    if (const auto ended = model_.objects_.find(command.buffer); ended != model_.objects_.end()) {
      ended->second.destroyed = step_;
    }
  } else if constexpr (std::is_same_v<C, DestroyTexture>) {
    if (const auto ended = model_.objects_.find(command.texture); ended != model_.objects_.end()) {
      ended->second.destroyed = step_;
    }
  }
}

template <class Command>
void ModelBuilder::take_encoded(const Command& command) {
  using C = Command;
  if constexpr (std::is_same_v<C, CopyBufferToBuffer>) {
    touch(command.encoder, command.source, true, false, command.source_offset_bytes,
          end_of(command.source_offset_bytes, command.size_bytes));
    touch(command.encoder, command.target, false, true, command.target_offset_bytes,
          end_of(command.target_offset_bytes, command.size_bytes));
  } else if constexpr (std::is_same_v<C, ClearBuffer>) {
    touch(command.encoder, command.buffer, false, true, command.offset_bytes,
          end_of(command.offset_bytes, command.size_bytes));
  } else if constexpr (std::is_same_v<C, ResolveQuerySet>) {
    touch(command.encoder, command.target, false, true, command.target_offset_bytes);
  } else if constexpr (std::is_same_v<C, CopyBufferToCanvas>) {
    touch(command.encoder, command.source, true, false);
  } else if constexpr (std::is_same_v<C, CopyBufferToTexture>) {
    touch(command.encoder, command.source, true, false);
    touch(command.encoder, command.target.texture, false, true);
  } else if constexpr (std::is_same_v<C, CopyTextureToBuffer>) {
    touch(command.encoder, command.source.texture, true, false);
    touch(command.encoder, command.target, false, true, command.layout.offset_bytes);
  } else if constexpr (std::is_same_v<C, CopyTextureToTexture>) {
    touch(command.encoder, command.source.texture, true, false);
    touch(command.encoder, command.target.texture, false, true);
  } else if constexpr (std::is_same_v<C, BeginComputePass>) {
    make(command.pass, ObjectKind::kPass, command.label);
    scopes_[command.pass].encoder = command.encoder;
  } else if constexpr (std::is_same_v<C, CreateRenderBundleEncoder>) {
    scopes_[command.pass] = {};
  } else if constexpr (std::is_same_v<C, BeginRenderPass>) {
    make(command.pass, ObjectKind::kPass, command.label);
    Scope& scope = scopes_[command.pass];
    scope.encoder = command.encoder;
    const auto attach = [&](u32 view, LoadOp load, StoreOp store) {
      if (view == 0) return;
      scope.others.push_back({texture_of(view),
                              {.step = step_,
                               .reads = load == LoadOp::kLoad,
                               .writes = load == LoadOp::kClear || store == StoreOp::kStore,
                               .end = kWholeSize}});
    };
    for (const ColorAttachment& color : command.targets.color_attachments) {
      attach(color.view, color.load, color.store);
      attach(color.resolve_target, LoadOp::kUndefined, StoreOp::kStore);
    }
    for (const DepthStencilAttachment& depth : command.targets.depth_stencil) {
      const bool loads = depth.depth_load == LoadOp::kLoad || depth.stencil_load == LoadOp::kLoad ||
                         depth.depth_read_only != 0 || depth.stencil_read_only != 0;
      attach(depth.view, loads ? LoadOp::kLoad : LoadOp::kClear, StoreOp::kStore);
    }
  } else if constexpr (std::is_same_v<C, Finish>) {
    const auto pending = pending_.find(command.encoder);
    if (pending == pending_.end()) return;
    Pending moved = std::move(pending->second);
    pending_.erase(pending);
    pending_[command.command_buffer] = std::move(moved);
  }
}

template <class Command>
void ModelBuilder::take_in_pass(const Command& command) {
  if constexpr (requires { command.pass; }) {
    using C = Command;
    const auto found = scopes_.find(command.pass);
    if (found == scopes_.end()) return;
    Scope& scope = found->second;
    if constexpr (std::is_same_v<C, SetBindGroup>) {
      u32& set = scope.groups[command.index];
      scope.is_changed = scope.is_changed || set != command.bind_group;
      set = command.bind_group;
    } else if constexpr (std::is_same_v<C, SetVertexBuffer>) {
      u32& set = scope.vertex_buffers[command.slot];
      scope.is_changed = scope.is_changed || set != command.buffer;
      set = command.buffer;
    } else if constexpr (std::is_same_v<C, SetIndexBuffer>) {
      scope.is_changed = scope.is_changed || scope.index_buffer != command.buffer;
      scope.index_buffer = command.buffer;
    } else if constexpr (
        requires { command.vertex_count; } || requires { command.index_count; } ||
        requires {
          command.x;
          command.y;
          command.z;
        }) {
      use(scope);
    } else if constexpr (std::is_same_v<C, DispatchWorkgroupsIndirect> || std::is_same_v<C, DrawIndirect> ||
                         std::is_same_v<C, DrawIndexedIndirect> || std::is_same_v<C, MultiDrawIndirect> ||
                         std::is_same_v<C, MultiDrawIndexedIndirect>) {
      use(scope);
      scope.read_buffers.insert(command.buffer);
    } else if constexpr (std::is_same_v<C, ExecuteBundles>) {
      for (const u32 bundle : command.bundles) {
        const auto used = pending_.find(bundle);
        if (used == pending_.end()) continue;
        for (const auto& [object, access] : used->second) {
          if (model_.budget_ == 0) break;
          --model_.budget_;
          scope.others.push_back({object, access});
        }
      }
    } else if constexpr (std::is_same_v<C, FinishBundle>) {
      Pending pending;
      end_scope(scope, pending);
      pending_[command.bundle] = std::move(pending);
      scopes_.erase(found);
    } else if constexpr (std::is_same_v<C, EndPass>) {
      end_scope(scope, pending_[scope.encoder]);
      scopes_.erase(found);
    }
  }
}

}  // namespace shoal::review
