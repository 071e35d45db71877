// The half of NativeExecutor that records and submits work; executor.cpp has resources and events.
#include <algorithm>

#include "gpu/native/error_scope.h"
#include "gpu/native/executor.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {

void NativeExecutor::write(u32 buffer, u64 offset_bytes, const void* data, u64 size_bytes) {
  const auto found = buffers_.find(buffer);
  if (found == buffers_.end() || found->second.is_mapped ||
      (static_cast<u32>(found->second.usage) & static_cast<u32>(BufferUsage::kCopyDst)) == 0 ||
      offset_bytes > found->second.size_bytes || size_bytes > found->second.size_bytes - offset_bytes ||
      size_bytes % 4 != 0 || offset_bytes % 4 != 0) {
    report(ErrorKind::kValidation, "write_buffer",
           fmt::format("Buffer {} cannot take {} bytes at offset {}.", buffer, size_bytes, offset_bytes));
    return;
  }
  if (size_bytes > 0 && device_.lost_message().empty())
    wgpuQueueWriteBuffer(queue_, found->second.handle, offset_bytes, data, size_bytes);
}

void NativeExecutor::on(const WriteBuffer& command) {
  write(command.buffer, command.offset_bytes, command.data.data(), command.data.size());
}

void NativeExecutor::on(const WriteBufferFromBlob& command) {
  if (command.blob == 0) {
    const auto address = static_cast<std::uintptr_t>(command.blob_offset_bytes);
    return write(command.buffer, command.offset_bytes, reinterpret_cast<const void*>(address), command.size_bytes);
  }
  const auto data =
      blob_range(command.blob, command.blob_offset_bytes, command.size_bytes, "write_buffer_from_blob");
  if (data.size() == command.size_bytes) {
    write(command.buffer, command.offset_bytes, data.data(), command.size_bytes);
  }
}

WGPUBuffer NativeExecutor::usable_buffer(u32 id, u32 encoder, std::string_view use) {
  const auto found = buffers_.find(id);
  if (found != buffers_.end()) return found->second.handle;
  poison(encoder, fmt::format("The {} names buffer {}, which is unusable: {}", use, id, reason(id)));
  return nullptr;
}

NativeExecutor::Pass* NativeExecutor::usable_pass(u32 id) {
  const auto found = passes_.find(id);
  if (found != passes_.end()) return &found->second;
  drop("pass", fmt::format("There is no open pass {}.", id));
  return nullptr;
}

NativeExecutor::Pass* NativeExecutor::compute_pass(u32 id) {
  Pass* pass = usable_pass(id);
  if (pass == nullptr || pass->handle != nullptr) return pass;
  if (pass->is_bundle) {
    pass->poison = "It was told to compute.";
  } else {
    poison(pass->encoder, fmt::format("Pass {} draws, and was told to compute.", id));
  }
  return nullptr;
}

void NativeExecutor::on(const CreateCommandEncoder& command) {
  WGPUCommandEncoderDescriptor descriptor = WGPU_COMMAND_ENCODER_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  encoders_[command.encoder] = {.handle = wgpuDeviceCreateCommandEncoder(device_.device(), &descriptor),
                                .label = std::string(command.label),
                                .poison = {},
                                .targets = {}};
}

void NativeExecutor::on(const CopyBufferToBuffer& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end()) return drop("copy", fmt::format("There is no open encoder {}.", command.encoder));
  WGPUBuffer source = usable_buffer(command.source, command.encoder, "copy");
  WGPUBuffer target = usable_buffer(command.target, command.encoder, "copy");
  if (source == nullptr || target == nullptr) return;
  encoder->second.targets.push_back(command.target);
  name(command.encoder, command.source);
  wgpuCommandEncoderCopyBufferToBuffer(encoder->second.handle, source, command.source_offset_bytes, target,
                                       command.target_offset_bytes, command.size_bytes);
}

void NativeExecutor::on(const ClearBuffer& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end())
    return drop("clear", fmt::format("There is no open encoder {}.", command.encoder));
  if (WGPUBuffer buffer = usable_buffer(command.buffer, command.encoder, "clear"); buffer != nullptr) {
    encoder->second.targets.push_back(command.buffer);
    wgpuCommandEncoderClearBuffer(encoder->second.handle, buffer, command.offset_bytes, command.size_bytes);
  }
}

void NativeExecutor::on(const ResolveQuerySet& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end())
    return drop("resolve", fmt::format("There is no open encoder {}.", command.encoder));
  const auto set = query_sets_.find(command.query_set);
  WGPUBuffer target = usable_buffer(command.target, command.encoder, "resolve");
  if (set == query_sets_.end()) poison(command.encoder, "The query set to resolve is unusable.");
  if (set == query_sets_.end() || target == nullptr) return;
  name(command.encoder, command.target);
  wgpuCommandEncoderResolveQuerySet(encoder->second.handle, set->second, command.first, command.count, target,
                                    command.target_offset_bytes);
}

void NativeExecutor::on(const CopyBufferToCanvas& command) {
  poison(command.encoder, "This executor has no canvas.");
}

void NativeExecutor::on(const BeginComputePass& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end())
    return drop(command.label, fmt::format("There is no open encoder {}.", command.encoder));
  WGPUPassTimestampWrites timestamps = WGPU_PASS_TIMESTAMP_WRITES_INIT;
  WGPUComputePassDescriptor descriptor = WGPU_COMPUTE_PASS_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  const auto set = query_sets_.find(command.query_set);
  if (command.query_set != 0 && set == query_sets_.end()) {
    poison(command.encoder,
           fmt::format("Query set {} of pass '{}' is unusable.", command.query_set, command.label));
  }
  if (set != query_sets_.end()) {
    timestamps.querySet = set->second;
    timestamps.beginningOfPassWriteIndex = command.begin_query;
    timestamps.endOfPassWriteIndex = command.end_query;
    descriptor.timestampWrites = &timestamps;
  }
  passes_[command.pass] = {.handle = wgpuCommandEncoderBeginComputePass(encoder->second.handle, &descriptor),
                           .encoder = command.encoder};
}

void NativeExecutor::on(const SetPipeline& command) {
  Pass* pass = compute_pass(command.pass);
  if (pass == nullptr) return;
  const auto pipeline = pipelines_.find(command.pipeline);
  if (pipeline == pipelines_.end()) {
    const auto broken = broken_.find(command.pipeline);
    return poison(pass->encoder, fmt::format("Pipeline {} is unusable: {}", command.pipeline,
                                             broken == broken_.end() ? "it is not ready." : broken->second));
  }
  wgpuComputePassEncoderSetPipeline(pass->handle, pipeline->second);
}

void NativeExecutor::on(const SetBindGroup& command) {
  Pass* pass = usable_pass(command.pass);
  if (pass == nullptr || say_to_bundle(*pass, command)) return;
  WGPUBindGroup handle = nullptr;  // none: takes the group of that index away
  if (command.bind_group != 0) {
    const auto group = bind_groups_.find(command.bind_group);
    if (group == bind_groups_.end()) {
      return poison(pass->encoder,
                    fmt::format("Bind group {} is unusable: {}", command.bind_group, reason(command.bind_group)));
    }
    handle = group->second.handle;
    for (const u32 buffer : group->second.mappable) name(pass->encoder, buffer);
  }
  if (pass->handle != nullptr) {
    wgpuComputePassEncoderSetBindGroup(pass->handle, command.index, handle, command.dynamic_offsets.size(),
                                       command.dynamic_offsets.data());
  } else if (pass->render != nullptr) {
    wgpuRenderPassEncoderSetBindGroup(pass->render, command.index, handle, command.dynamic_offsets.size(),
                                      command.dynamic_offsets.data());
  }
}

void NativeExecutor::on(const DispatchWorkgroups& command) {
  Pass* pass = compute_pass(command.pass);
  if (pass == nullptr || is_poisoned(pass->encoder)) return;
  wgpuComputePassEncoderDispatchWorkgroups(pass->handle, command.x, command.y, command.z);
}

void NativeExecutor::on(const DispatchWorkgroupsIndirect& command) {
  Pass* pass = compute_pass(command.pass);
  if (pass == nullptr) return;
  WGPUBuffer buffer = indirect_buffer(command.buffer, command.offset_bytes, 12, pass->encoder, "indirect dispatch");
  if (buffer == nullptr) return;
  wgpuComputePassEncoderDispatchWorkgroupsIndirect(pass->handle, buffer, command.offset_bytes);
}

void NativeExecutor::end(const Pass& pass) {
  if (pass.handle != nullptr) {
    wgpuComputePassEncoderEnd(pass.handle);
    wgpuComputePassEncoderRelease(pass.handle);
  }
  if (pass.render != nullptr) {
    wgpuRenderPassEncoderEnd(pass.render);
    wgpuRenderPassEncoderRelease(pass.render);
  }
}

void NativeExecutor::on(const EndPass& command) {
  Pass* pass = usable_pass(command.pass);
  if (pass == nullptr) return;
  end(*pass);
  passes_.erase(command.pass);
}

void NativeExecutor::on(const Finish& command) {
  const auto found = encoders_.find(command.encoder);
  if (found == encoders_.end()) return drop("finish", fmt::format("There is no open encoder {}.", command.encoder));
  for (auto pass = passes_.begin(); pass != passes_.end();) {
    if (pass->second.encoder != command.encoder) {
      ++pass;
      continue;
    }
    poison(command.encoder, fmt::format("Its pass {} was not ended.", pass->first));
    end(pass->second);
    pass = passes_.erase(pass);
  }
  Encoder encoder = std::move(found->second);
  encoders_.erase(found);
  // An error shows at finish, which returns an object even then.
  ErrorScope scope(device_.device());
  WGPUCommandBufferDescriptor descriptor = WGPU_COMMAND_BUFFER_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(encoder.label);
  WGPUCommandBuffer handle = wgpuCommandEncoderFinish(encoder.handle, &descriptor);
  wgpuCommandEncoderRelease(encoder.handle);
  const std::string message = scope.take();
  if (encoder.poison.empty()) encoder.poison = message;
  if (!encoder.poison.empty()) {
    if (handle != nullptr) wgpuCommandBufferRelease(handle);
    handle = nullptr;
    drop(encoder.label, encoder.poison);
  }
  command_buffers_[command.command_buffer] = {handle, encoder.label, std::move(encoder.targets)};
}

void NativeExecutor::on(const Submit& command) {
  std::vector<CommandBuffer> buffers;
  std::string refusal;
  bool has_broken = false;  // and was reported when it was finished
  for (const u32 id : command.command_buffers) {
    const auto found = command_buffers_.find(id);
    if (found == command_buffers_.end()) {
      refusal = fmt::format("There is no command buffer {}, or it was submitted before.", id);
      continue;
    }
    has_broken = has_broken || found->second.handle == nullptr;
    buffers.push_back(std::move(found->second));
    command_buffers_.erase(found);
  }
  for (const CommandBuffer& buffer : buffers) {
    for (const u32 target : buffer.targets) {
      const auto found = buffers_.find(target);
      if (found != buffers_.end() && !found->second.is_mapped) continue;
      refusal = fmt::format("Buffer {} is mapped or destroyed while '{}' writes to it.", target, buffer.label);
    }
  }
  if (!refusal.empty()) drop("submit", refusal);
  dropped_ = dropped_ || has_broken;
  if (refusal.empty() && !has_broken && device_.lost_message().empty()) {
    std::vector<WGPUCommandBuffer> handles;
    for (const CommandBuffer& buffer : buffers) handles.push_back(buffer.handle);
    wgpuQueueSubmit(queue_, handles.size(), handles.data());
  }
  for (const CommandBuffer& buffer : buffers) {
    if (buffer.handle != nullptr) wgpuCommandBufferRelease(buffer.handle);
  }
  destroy_unused();
}

void NativeExecutor::on(const OnSubmittedWorkDone& command) {
  ++outstanding_;
  wgpuQueueOnSubmittedWorkDone(
      queue_, {nullptr, WGPUCallbackMode_AllowProcessEvents,
               [](WGPUQueueWorkDoneStatus, WGPUStringView, void* to, void* serial) {
                 auto& executor = *static_cast<NativeExecutor*>(to);
                 --executor.outstanding_;
                 executor.answer(WorkDone{.serial = static_cast<u32>(reinterpret_cast<std::uintptr_t>(serial))});
               },
               this, reinterpret_cast<void*>(static_cast<std::uintptr_t>(command.serial))});
}

void NativeExecutor::on(const MapAsync& command) {
  map(command.buffer, command.offset_bytes, command.size_bytes, command.ticket, WGPUMapMode_Read);
}

void NativeExecutor::map(u32 id, u64 offset_bytes, u64 size_bytes, u32 ticket, WGPUMapMode mode) {
  const auto found = buffers_.find(id);
  if (dropped_ || found == buffers_.end() || found->second.is_mapped || !device_.lost_message().empty()) {
    return answer(MapFailed{.ticket = ticket, .message = "The work that would have filled it was dropped."});
  }
  Buffer& buffer = found->second;
  const bool is_writing = mode == WGPUMapMode_Write;
  const u32 needed = static_cast<u32>(is_writing ? BufferUsage::kMapWrite : BufferUsage::kMapRead);
  if (size_bytes == kWholeSize && offset_bytes <= buffer.size_bytes) size_bytes = buffer.size_bytes - offset_bytes;
  if (!is_writing && size_bytes > kMostPayloadBytes) {
    return answer(
        MapFailed{.ticket = ticket,
                  .message = fmt::format("{} bytes are more than one answer carries ({}). Map parts of them.",
                                         size_bytes, kMostPayloadBytes)});
  }
  if ((static_cast<u32>(buffer.usage) & needed) == 0 || offset_bytes % 8 != 0 || size_bytes % 4 != 0 ||
      offset_bytes > buffer.size_bytes || size_bytes > buffer.size_bytes - offset_bytes) {
    return answer(MapFailed{.ticket = ticket,
                            .message = fmt::format("Buffer {} cannot be mapped for {} {} bytes at {}.", id,
                                                   is_writing ? "writing" : "reading", size_bytes, offset_bytes)});
  }
  buffer.is_mapped = true;
  buffer.mapped_from = offset_bytes;
  buffer.mapped_to = offset_bytes + size_bytes;
  ++outstanding_;
  wgpuBufferAddRef(buffer.handle);  // it may be destroyed before the answer comes
  auto* request = new MapRequest{.executor = this,
                                 .ticket = ticket,
                                 .buffer = id,
                                 .handle = buffer.handle,
                                 .offset_bytes = static_cast<size_t>(offset_bytes),
                                 .size_bytes = static_cast<size_t>(size_bytes),
                                 .is_writing = is_writing};
  wgpuBufferMapAsync(request->handle, mode, request->offset_bytes, request->size_bytes,
                     {nullptr, WGPUCallbackMode_AllowProcessEvents,
                      [](WGPUMapAsyncStatus status, WGPUStringView message, void* to, void*) {
                        const std::unique_ptr<MapRequest> answered(static_cast<MapRequest*>(to));
                        answered->executor->on_mapped(*answered, status == WGPUMapAsyncStatus_Success,
                                                      std_text(message));
                      },
                      request, nullptr});
}

void NativeExecutor::on_mapped(const MapRequest& request, bool succeeded, std::string_view message) {
  --outstanding_;
  const auto found = buffers_.find(request.buffer);
  const bool is_there = found != buffers_.end() && found->second.handle == request.handle;
  if (request.is_writing && succeeded) {
    if (is_there) found->second.is_writable = true;
    answer(Mapped{.ticket = request.ticket, .data = {}});
  } else if (const void* data =
                 succeeded ? wgpuBufferGetConstMappedRange(request.handle, request.offset_bytes, request.size_bytes)
                           : nullptr;
             data != nullptr) {
    answer(Mapped{.ticket = request.ticket, .data = {static_cast<const std::byte*>(data), request.size_bytes}});
  } else {
    if (is_there) found->second.is_mapped = false;
    answer(MapFailed{.ticket = request.ticket, .message = message});
  }
  wgpuBufferRelease(request.handle);
}

void NativeExecutor::on(const Unmap& command) {
  const auto found = buffers_.find(command.buffer);
  if (found == buffers_.end() || !found->second.is_mapped) return;
  wgpuBufferUnmap(found->second.handle);
  found->second.is_mapped = false;
  found->second.is_writable = false;
}

}  // namespace shoal::gpu
