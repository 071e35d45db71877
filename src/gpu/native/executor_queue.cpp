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
  const auto lent = blobs_.find(command.blob);
  const auto blob = lent == blobs_.end() ? std::span<const std::byte>() : lent->second;
  if (command.blob_offset_bytes > blob.size() || command.size_bytes > blob.size() - command.blob_offset_bytes) {
    return report(ErrorKind::kValidation, "write_buffer_from_blob",
                  fmt::format("Blob {} has {} bytes, too few for {} at {}.", command.blob, blob.size(),
                              command.size_bytes, command.blob_offset_bytes));
  }
  write(command.buffer, command.offset_bytes, blob.data() + command.blob_offset_bytes, command.size_bytes);
}

WGPUBuffer NativeExecutor::usable_buffer(u32 id, u32 encoder, std::string_view use) {
  const auto found = buffers_.find(id);
  if (found != buffers_.end()) return found->second.handle;
  const auto broken = broken_.find(id);
  poison(encoder, fmt::format("The {} names buffer {}, which is unusable: {}", use, id,
                              broken == broken_.end() ? "there is none." : broken->second));
  return nullptr;
}

NativeExecutor::Pass* NativeExecutor::usable_pass(u32 id) {
  const auto found = passes_.find(id);
  if (found != passes_.end()) return &found->second;
  drop("pass", fmt::format("There is no open pass {}.", id));
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
  Pass* pass = usable_pass(command.pass);
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
  if (pass == nullptr) return;
  const auto group = bind_groups_.find(command.bind_group);
  if (group == bind_groups_.end()) {
    const auto broken = broken_.find(command.bind_group);
    return poison(pass->encoder, fmt::format("Bind group {} is unusable: {}", command.bind_group,
                                             broken == broken_.end() ? "there is none." : broken->second));
  }
  wgpuComputePassEncoderSetBindGroup(pass->handle, command.index, group->second.handle,
                                     command.dynamic_offsets.size(), command.dynamic_offsets.data());
}

void NativeExecutor::on(const DispatchWorkgroups& command) {
  Pass* pass = usable_pass(command.pass);
  if (pass == nullptr || is_poisoned(pass->encoder)) return;
  wgpuComputePassEncoderDispatchWorkgroups(pass->handle, command.x, command.y, command.z);
}

void NativeExecutor::on(const DispatchWorkgroupsIndirect& command) {
  Pass* pass = usable_pass(command.pass);
  if (pass == nullptr) return;
  WGPUBuffer buffer = usable_buffer(command.buffer, pass->encoder, "indirect dispatch");
  if (buffer == nullptr || is_poisoned(pass->encoder)) return;
  wgpuComputePassEncoderDispatchWorkgroupsIndirect(pass->handle, buffer, command.offset_bytes);
}

void NativeExecutor::on(const EndPass& command) {
  Pass* pass = usable_pass(command.pass);
  if (pass == nullptr) return;
  wgpuComputePassEncoderEnd(pass->handle);
  wgpuComputePassEncoderRelease(pass->handle);
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
    wgpuComputePassEncoderEnd(pass->second.handle);
    wgpuComputePassEncoderRelease(pass->second.handle);
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
  const auto found = buffers_.find(command.buffer);
  if (dropped_ || found == buffers_.end() || found->second.is_mapped || !device_.lost_message().empty()) {
    return answer(
        MapFailed{.ticket = command.ticket, .message = "The work that would have filled it was dropped."});
  }
  const Buffer& buffer = found->second;
  if (command.size_bytes > kMostPayloadBytes) {
    return answer(
        MapFailed{.ticket = command.ticket,
                  .message = fmt::format("{} bytes are more than one answer carries ({}). Map parts of them.",
                                         command.size_bytes, kMostPayloadBytes)});
  }
  if ((static_cast<u32>(buffer.usage) & static_cast<u32>(BufferUsage::kMapRead)) == 0 ||
      command.offset_bytes % 8 != 0 || command.size_bytes % 4 != 0 || command.offset_bytes > buffer.size_bytes ||
      command.size_bytes > buffer.size_bytes - command.offset_bytes) {
    return answer(MapFailed{.ticket = command.ticket,
                            .message = fmt::format("Buffer {} cannot be mapped for reading {} bytes at {}.",
                                                   command.buffer, command.size_bytes, command.offset_bytes)});
  }
  found->second.is_mapped = true;
  ++outstanding_;
  wgpuBufferAddRef(buffer.handle);  // it may be destroyed before the answer comes
  auto* request = new MapRequest{this,
                                 command.ticket,
                                 command.buffer,
                                 buffer.handle,
                                 static_cast<size_t>(command.offset_bytes),
                                 static_cast<size_t>(command.size_bytes)};
  wgpuBufferMapAsync(request->handle, WGPUMapMode_Read, request->offset_bytes, request->size_bytes,
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
  const void* data =
      succeeded ? wgpuBufferGetConstMappedRange(request.handle, request.offset_bytes, request.size_bytes) : nullptr;
  if (data != nullptr) {
    answer(Mapped{.ticket = request.ticket, .data = {static_cast<const std::byte*>(data), request.size_bytes}});
  } else {
    if (const auto found = buffers_.find(request.buffer); found != buffers_.end()) found->second.is_mapped = false;
    answer(MapFailed{.ticket = request.ticket, .message = message});
  }
  wgpuBufferRelease(request.handle);
}

void NativeExecutor::on(const Unmap& command) {
  const auto found = buffers_.find(command.buffer);
  if (found == buffers_.end() || !found->second.is_mapped) return;
  wgpuBufferUnmap(found->second.handle);
  found->second.is_mapped = false;
}

}  // namespace shoal::gpu
