// The part of NativeExecutor that draws: render passes, what is said in them, and bundles.
//
// A bundle is kept as the words that were said to it, and said again by each pass that executes it: wgpu-native
// ends the process at the finish of a bundle with an error in it, while an error in a pass shows when its encoder
// is finished.
#include "gpu/decode.gen.h"
#include "gpu/native/error_scope.h"
#include "gpu/native/executor.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {

// Whether `buffer` is named so that a submission must find it neither mapped nor destroyed.
void NativeExecutor::name(u32 encoder, u32 buffer) {
  const auto found = buffers_.find(buffer);
  if (found == buffers_.end() || !found->second.can_be_mapped) return;
  if (const auto open = encoders_.find(encoder); open != encoders_.end()) open->second.targets.push_back(buffer);
}

// wgpu-native's own test of it wraps around at offsets near 2^64.
WGPUBuffer NativeExecutor::indirect_buffer(u32 id, u64 offset_bytes, u64 size_bytes, u32 encoder,
                                           std::string_view use) {
  WGPUBuffer buffer = usable_buffer(id, encoder, use);
  if (buffer == nullptr || is_poisoned(encoder)) return nullptr;
  const u64 buffer_bytes = buffers_[id].size_bytes;
  if (offset_bytes > buffer_bytes || size_bytes > buffer_bytes - offset_bytes) {
    poison(encoder, fmt::format("Buffer {} has {} bytes, too few for the {} of indirect arguments at {}.", id,
                                buffer_bytes, size_bytes, offset_bytes));
    return nullptr;
  }
  name(encoder, id);
  return buffer;
}

void NativeExecutor::on(const BeginRenderPass& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end()) {
    return drop(command.label, fmt::format("There is no open encoder {}.", command.encoder));
  }
  Pass& pass = passes_[command.pass];
  pass = {.encoder = command.encoder};
  std::string unusable;
  const auto view_of = [&](u32 id) -> WGPUTextureView {
    if (id == 0) return nullptr;
    if (const auto view = views_.find(id); view != views_.end()) return view->second.handle;
    unusable = fmt::format("Pass '{}' draws into view {}, which is unusable: {}", command.label, id, reason(id));
    return nullptr;
  };
  const auto set_of = [&](u32 id) -> WGPUQuerySet {
    if (id == 0) return nullptr;
    if (const auto set = query_sets_.find(id); set != query_sets_.end()) return set->second;
    unusable = fmt::format("Query set {} of pass '{}' is unusable.", id, command.label);
    return nullptr;
  };
  const PassTargets& targets = command.targets;
  std::vector<WGPURenderPassColorAttachment> colors;
  for (const ColorAttachment& attachment : targets.color_attachments) {
    WGPURenderPassColorAttachment& out = colors.emplace_back();
    out = WGPU_RENDER_PASS_COLOR_ATTACHMENT_INIT;
    out.view = view_of(attachment.view);
    if (out.view == nullptr) continue;
    if (attachment.load == LoadOp::kUndefined || attachment.store == StoreOp::kUndefined) {
      unusable = fmt::format("Pass '{}' does not say how to load and store an attachment.", command.label);
    }
    out.depthSlice = attachment.depth_slice;
    out.resolveTarget = view_of(attachment.resolve_target);
    out.loadOp = static_cast<WGPULoadOp>(attachment.load);
    out.storeOp = static_cast<WGPUStoreOp>(attachment.store);
    const Color& clear = attachment.clear_value;
    out.clearValue = {clear.r, clear.g, clear.b, clear.a};
  }
  WGPURenderPassDepthStencilAttachment depth = WGPU_RENDER_PASS_DEPTH_STENCIL_ATTACHMENT_INIT;
  if (!targets.depth_stencil.empty()) {
    const DepthStencilAttachment& attachment = targets.depth_stencil.front();
    depth.view = view_of(attachment.view);
    if (depth.view == nullptr && unusable.empty()) {
      unusable = fmt::format("The depth attachment of pass '{}' has no view.", command.label);
    }
    depth.depthLoadOp = static_cast<WGPULoadOp>(attachment.depth_load);
    depth.depthStoreOp = static_cast<WGPUStoreOp>(attachment.depth_store);
    depth.depthClearValue = static_cast<float>(attachment.depth_clear_value);
    depth.depthReadOnly = attachment.depth_read_only != 0;
    depth.stencilLoadOp = static_cast<WGPULoadOp>(attachment.stencil_load);
    depth.stencilStoreOp = static_cast<WGPUStoreOp>(attachment.stencil_store);
    depth.stencilClearValue = attachment.stencil_clear_value;
    depth.stencilReadOnly = attachment.stencil_read_only != 0;
  }
  WGPUPassTimestampWrites timestamps = WGPU_PASS_TIMESTAMP_WRITES_INIT;
  timestamps.querySet = set_of(targets.query_set);
  timestamps.beginningOfPassWriteIndex = targets.begin_query;
  timestamps.endOfPassWriteIndex = targets.end_query;
  WGPURenderPassDescriptor descriptor = WGPU_RENDER_PASS_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.colorAttachmentCount = colors.size();
  descriptor.colorAttachments = colors.data();
  descriptor.depthStencilAttachment = targets.depth_stencil.empty() ? nullptr : &depth;
  descriptor.occlusionQuerySet = set_of(targets.occlusion_query_set);
  descriptor.timestampWrites = timestamps.querySet == nullptr ? nullptr : &timestamps;
  if (!unusable.empty()) return poison(command.encoder, std::move(unusable));
  pass.render = wgpuCommandEncoderBeginRenderPass(encoder->second.handle, &descriptor);
}

void NativeExecutor::on(const CreateRenderBundleEncoder& command) {
  passes_[command.pass] = {.encoder = 0, .is_bundle = true};
}

// The render pass that a command is said in; null where it is kept by a bundle, or where nothing is to be drawn.
template <class Command>
WGPURenderPassEncoder NativeExecutor::render_pass(const Command& command) {
  Pass* pass = usable_pass(command.pass);
  if (pass == nullptr || say_to_bundle(*pass, command)) return nullptr;
  if (pass->render == nullptr) {
    if (pass->handle != nullptr) {
      poison(pass->encoder, fmt::format("{} is said in compute pass {}.", Command::kName, command.pass));
    }
    return nullptr;
  }
  return is_poisoned(pass->encoder) ? nullptr : pass->render;
}

void NativeExecutor::on(const SetRenderPipeline& command) {
  WGPURenderPassEncoder pass = render_pass(command);
  if (pass == nullptr) return;
  const auto pipeline = render_pipelines_.find(command.pipeline);
  if (pipeline == render_pipelines_.end()) {
    return poison(passes_[command.pass].encoder,
                  fmt::format("Pipeline {} is unusable: {}", command.pipeline, reason(command.pipeline)));
  }
  wgpuRenderPassEncoderSetPipeline(pass, pipeline->second);
}

void NativeExecutor::on(const SetVertexBuffer& command) {
  WGPURenderPassEncoder pass = render_pass(command);
  if (pass == nullptr || command.buffer == 0) return;
  const u32 encoder = passes_[command.pass].encoder;
  WGPUBuffer buffer = usable_buffer(command.buffer, encoder, "set_vertex_buffer");
  if (buffer == nullptr) return;
  name(encoder, command.buffer);
  wgpuRenderPassEncoderSetVertexBuffer(pass, command.slot, buffer, command.offset_bytes, command.size_bytes);
}

void NativeExecutor::on(const SetIndexBuffer& command) {
  WGPURenderPassEncoder pass = render_pass(command);
  if (pass == nullptr) return;
  const u32 encoder = passes_[command.pass].encoder;
  WGPUBuffer buffer = usable_buffer(command.buffer, encoder, "set_index_buffer");
  if (buffer == nullptr) return;
  if (command.format == IndexFormat::kUndefined) return poison(encoder, "An index buffer needs a format.");
  name(encoder, command.buffer);
  wgpuRenderPassEncoderSetIndexBuffer(pass, buffer, static_cast<WGPUIndexFormat>(command.format),
                                      command.offset_bytes, command.size_bytes);
}

void NativeExecutor::on(const Draw& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr) {
    wgpuRenderPassEncoderDraw(pass, command.vertex_count, command.instance_count, command.first_vertex,
                              command.first_instance);
  }
}

void NativeExecutor::on(const DrawIndexed& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr) {
    wgpuRenderPassEncoderDrawIndexed(pass, command.index_count, command.instance_count, command.first_index,
                                     command.base_vertex, command.first_instance);
  }
}

// Each indirect draw has 4 words of arguments, each indexed one 5.
void NativeExecutor::on(const DrawIndirect& command) {
  WGPURenderPassEncoder pass = render_pass(command);
  if (pass == nullptr) return;
  WGPUBuffer buffer =
      indirect_buffer(command.buffer, command.offset_bytes, 16, passes_[command.pass].encoder, "draw_indirect");
  if (buffer == nullptr) return;
  wgpuRenderPassEncoderDrawIndirect(pass, buffer, command.offset_bytes);
}

void NativeExecutor::on(const DrawIndexedIndirect& command) {
  WGPURenderPassEncoder pass = render_pass(command);
  if (pass == nullptr) return;
  WGPUBuffer buffer = indirect_buffer(command.buffer, command.offset_bytes, 20, passes_[command.pass].encoder,
                                      "draw_indexed_indirect");
  if (buffer == nullptr) return;
  wgpuRenderPassEncoderDrawIndexedIndirect(pass, buffer, command.offset_bytes);
}

void NativeExecutor::on(const MultiDrawIndirect& command) {
  WGPURenderPassEncoder pass = render_pass(command);
  if (pass == nullptr) return;
  WGPUBuffer buffer = indirect_buffer(command.buffer, command.offset_bytes, u64{16} * command.count,
                                      passes_[command.pass].encoder, "multi_draw_indirect");
  if (buffer == nullptr) return;
  wgpuRenderPassEncoderMultiDrawIndirect(pass, buffer, command.offset_bytes, command.count);
}

void NativeExecutor::on(const MultiDrawIndexedIndirect& command) {
  WGPURenderPassEncoder pass = render_pass(command);
  if (pass == nullptr) return;
  WGPUBuffer buffer = indirect_buffer(command.buffer, command.offset_bytes, u64{20} * command.count,
                                      passes_[command.pass].encoder, "multi_draw_indexed_indirect");
  if (buffer == nullptr) return;
  wgpuRenderPassEncoderMultiDrawIndexedIndirect(pass, buffer, command.offset_bytes, command.count);
}

void NativeExecutor::on(const SetViewport& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr) {
    wgpuRenderPassEncoderSetViewport(pass, static_cast<float>(command.x), static_cast<float>(command.y),
                                     static_cast<float>(command.width), static_cast<float>(command.height),
                                     static_cast<float>(command.min_depth), static_cast<float>(command.max_depth));
  }
}

void NativeExecutor::on(const SetScissorRect& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr) {
    wgpuRenderPassEncoderSetScissorRect(pass, command.x, command.y, command.width, command.height);
  }
}

void NativeExecutor::on(const SetBlendConstant& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr) {
    const WGPUColor color = {command.value.r, command.value.g, command.value.b, command.value.a};
    wgpuRenderPassEncoderSetBlendConstant(pass, &color);
  }
}

void NativeExecutor::on(const SetStencilReference& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr) {
    wgpuRenderPassEncoderSetStencilReference(pass, command.reference);
  }
}

void NativeExecutor::on(const BeginOcclusionQuery& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr) {
    wgpuRenderPassEncoderBeginOcclusionQuery(pass, command.query);
  }
}

void NativeExecutor::on(const EndOcclusionQuery& command) {
  if (WGPURenderPassEncoder pass = render_pass(command); pass != nullptr)
    wgpuRenderPassEncoderEndOcclusionQuery(pass);
}

void NativeExecutor::on(const ExecuteBundles& command) {
  Pass* pass = usable_pass(command.pass);
  if (pass == nullptr) return;
  // A bundle that holds itself would never end.
  if (pass->is_bundle) pass->poison = "A bundle cannot execute bundles.";
  if (pass->is_bundle || render_pass(command) == nullptr) return;
  const u32 encoder = pass->encoder;
  for (const u32 id : command.bundles) {
    const auto bundle = bundles_.find(id);
    if (bundle == bundles_.end()) {
      return poison(encoder, fmt::format("Render bundle {} is unusable: {}", id, reason(id)));
    }
    (void)decode_commands(bundle->second, [&](auto said) {  // our own words: they decode
      if constexpr (requires { said.pass; }) {
        said.pass = command.pass;
        on(said);
      } else if constexpr (requires { said.scope; }) {
        said.scope = command.pass;
        on(said);
      }
    });
  }
}

void NativeExecutor::on(const FinishBundle& command) {
  const auto pass = passes_.find(command.pass);
  if (pass == passes_.end() || !pass->second.is_bundle) {
    return add_broken(command.bundle, "bundle", fmt::format("There is no open bundle encoder {}.", command.pass));
  }
  if (pass->second.poison.empty()) {
    bundles_[command.bundle] = std::move(pass->second.words);
  } else {
    add_broken(command.bundle, "bundle", pass->second.poison);
  }
  passes_.erase(pass);
}

void NativeExecutor::on(const PushDebugGroup& command) {
  const WGPUStringView label = wgpu_text(command.label);
  if (const auto encoder = encoders_.find(command.scope); encoder != encoders_.end()) {
    return wgpuCommandEncoderPushDebugGroup(encoder->second.handle, label);
  }
  Pass* pass = usable_pass(command.scope);
  if (pass == nullptr || say_to_bundle(*pass, command)) return;
  if (pass->handle != nullptr) wgpuComputePassEncoderPushDebugGroup(pass->handle, label);
  if (pass->render != nullptr) wgpuRenderPassEncoderPushDebugGroup(pass->render, label);
}

void NativeExecutor::on(const PopDebugGroup& command) {
  if (const auto encoder = encoders_.find(command.scope); encoder != encoders_.end()) {
    return wgpuCommandEncoderPopDebugGroup(encoder->second.handle);
  }
  Pass* pass = usable_pass(command.scope);
  if (pass == nullptr || say_to_bundle(*pass, command)) return;
  if (pass->handle != nullptr) wgpuComputePassEncoderPopDebugGroup(pass->handle);
  if (pass->render != nullptr) wgpuRenderPassEncoderPopDebugGroup(pass->render);
}

void NativeExecutor::on(const InsertDebugMarker& command) {
  const WGPUStringView label = wgpu_text(command.label);
  if (const auto encoder = encoders_.find(command.scope); encoder != encoders_.end()) {
    return wgpuCommandEncoderInsertDebugMarker(encoder->second.handle, label);
  }
  Pass* pass = usable_pass(command.scope);
  if (pass == nullptr || say_to_bundle(*pass, command)) return;
  if (pass->handle != nullptr) wgpuComputePassEncoderInsertDebugMarker(pass->handle, label);
  if (pass->render != nullptr) wgpuRenderPassEncoderInsertDebugMarker(pass->render, label);
}

void NativeExecutor::on(const WriteTimestamp& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end()) {
    return drop("write_timestamp", fmt::format("There is no open encoder {}.", command.encoder));
  }
  const auto set = query_sets_.find(command.query_set);
  if (set == query_sets_.end()) {
    return poison(command.encoder, fmt::format("Query set {} is unusable.", command.query_set));
  }
  wgpuCommandEncoderWriteTimestamp(encoder->second.handle, set->second, command.query);
}

}  // namespace shoal::gpu
