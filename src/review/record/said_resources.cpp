// The calls that make resources, write to them and destroy them, recorded.
#include <algorithm>

#include "review/record/describe.h"

using namespace shoal;
using namespace shoal::review;

namespace {

// Calls inline(bytes) or from_blob(number, size), whichever suits the size.
template <class Inline, class FromBlob>
u32* say_payload(Recording& r, u32 device, u64 now, u32 stack, std::span<const std::byte> bytes,
                 Inline&& with_bytes, FromBlob&& with_blob) {
  if (bytes.size() <= Recording::kLongestInline) return r.say(device, now, stack, with_bytes(bytes));
  const u32 blob = r.trace->store(bytes);
  return r.say(device, now, stack, with_blob(blob, static_cast<u64>(bytes.size())));
}

std::span<const std::byte> bytes_of(const void* data, size_t size) {
  return {static_cast<const std::byte*>(data), data == nullptr ? 0 : size};
}

// Like say(), of a command with a payload.
template <class Inline, class FromBlob, class Forward>
void say_with_payload(const void* on, std::span<const std::byte> bytes, Inline&& with_bytes, FromBlob&& with_blob,
                      Forward&& forward, const Caller& caller = Caller()) {
  Recording* r = recording();
  if (r == nullptr) return forward();
  u32* duration = nullptr;
  u64 begin = 0;
  {
    const std::lock_guard lock(r->mutex);
    begin = r->now_ns();
    duration = say_payload(*r, r->device_of(on), begin, r->stack_of(caller, begin), bytes, with_bytes, with_blob);
  }
  const Inside inside;
  forward();
  *duration = static_cast<u32>(std::min<u64>(r->now_ns() - begin, gpu::kAllOrNone - 1));
}

// What the program has written to a mapped buffer, said before its unmap.
void say_written(Recording& r, WGPUBuffer buffer, const Caller& caller) {
  const auto state = r.buffers.find(buffer);
  if (state == r.buffers.end()) return;
  const u32 id = r.id_of(buffer);
  const u64 now = r.now_ns();
  for (const MappedRange& range : state->second.ranges) {
    u32* duration = say_payload(
        r, r.device_of(buffer), now, r.stack_of(caller, now), {range.memory, static_cast<size_t>(range.size_bytes)},
        [&](std::span<const std::byte> data) {
          return gpu::WriteMapped{.buffer = id, .offset_bytes = range.offset_bytes, .data = data};
        },
        [&](u32 blob, u64 size) {
          return gpu::WriteMappedFromBlob{
              .buffer = id, .offset_bytes = range.offset_bytes, .blob = blob, .size_bytes = size};
        });
    *duration = 0;
  }
  state->second.ranges.clear();
  state->second.is_writable = false;
}

struct MapRequest {
  WGPUBufferMapCallbackInfo asked;
  WGPUBuffer buffer;
  size_t offset, size;
  u32 ticket;
  bool is_writing;
};

void on_mapped(WGPUMapAsyncStatus status, WGPUStringView message, void* to, void*) {
  const std::unique_ptr<MapRequest> request(static_cast<MapRequest*>(to));
  {
    const Inside outside(false);
    if (Recording* r = recording(); r != nullptr) {
      const std::lock_guard lock(r->mutex);
      const u32 device = r->device_of(request->buffer);
      r->has_waited = true;
      if (status != WGPUMapAsyncStatus_Success) {
        r->hear(device, gpu::MapFailed{.ticket = request->ticket, .message = text_of(message)});
      } else if (request->is_writing) {
        r->buffers[request->buffer].is_writable = true;
        r->hear(device, gpu::Mapped{.ticket = request->ticket, .data = {}});
      } else {
        const auto bytes = bytes_of(
            real().wgpuBufferGetConstMappedRange(request->buffer, request->offset, request->size), request->size);
        if (bytes.size() <= Recording::kLongestInline) {
          r->hear(device, gpu::Mapped{.ticket = request->ticket, .data = bytes});
        } else {
          const u32 blob = r->trace->store(bytes);
          r->hear(device, gpu::MappedBlob{.ticket = request->ticket, .blob = blob, .size_bytes = bytes.size()});
        }
      }
    }
    if (request->asked.callback != nullptr) {
      request->asked.callback(status, message, request->asked.userdata1, request->asked.userdata2);
    }
  }
  real().wgpuBufferRelease(request->buffer);
}

std::vector<gpu::LayoutEntry> layout_entries(Recording& r, u32 id,
                                             const WGPUBindGroupLayoutDescriptor& descriptor) {
  std::vector<gpu::LayoutEntry> entries;
  for (size_t i = 0; i < descriptor.entryCount; ++i) {
    r.check_chain(id, descriptor.entries[i].nextInChain);
    entries.push_back(describe(descriptor.entries[i]));
  }
  return entries;
}

}  // namespace

SHOAL_EXPORTED WGPUBuffer wgpuDeviceCreateBuffer(WGPUDevice device, WGPUBufferDescriptor const* descriptor) {
  WGPUBuffer made = create(
      device, gpu::ObjectKind::kBuffer,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        return gpu::CreateBuffer{.buffer = id,
                                 .label = text_of(descriptor->label),
                                 .size_bytes = descriptor->size,
                                 .usage = named<gpu::BufferUsage>(descriptor->usage),
                                 .mapped_at_creation = descriptor->mappedAtCreation};
      },
      [&] { return real().wgpuDeviceCreateBuffer(device, descriptor); });
  if (Recording* r = recording(); r != nullptr && made != nullptr) {
    const std::lock_guard lock(r->mutex);
    r->buffers[made] = {
        .size_bytes = descriptor->size, .is_writable = descriptor->mappedAtCreation != 0, .ranges = {}};
  }
  return made;
}

SHOAL_EXPORTED void wgpuBufferDestroy(WGPUBuffer buffer) {
  say(
      buffer, [&](Recording& r) { return gpu::DestroyBuffer{.buffer = r.id_of(buffer)}; },
      [&] { real().wgpuBufferDestroy(buffer); });
}

SHOAL_EXPORTED void* wgpuBufferGetMappedRange(WGPUBuffer buffer, size_t offset, size_t size) {
  void* memory = real().wgpuBufferGetMappedRange(buffer, offset, size);
  if (Recording* r = recording(); r != nullptr && memory != nullptr) {
    const std::lock_guard lock(r->mutex);
    if (const auto state = r->buffers.find(buffer); state != r->buffers.end() && state->second.is_writable) {
      const u64 rest = state->second.size_bytes - std::min<u64>(offset, state->second.size_bytes);
      const u64 size_bytes = size == WGPU_WHOLE_MAP_SIZE ? rest : std::min<u64>(size, rest);
      auto& ranges = state->second.ranges;
      const auto same = std::ranges::find(ranges, offset, &MappedRange::offset_bytes);
      if (same == ranges.end()) {
        ranges.push_back({offset, size_bytes, static_cast<const std::byte*>(memory)});
      } else {
        same->size_bytes = std::max(same->size_bytes, size_bytes);
      }
    }
  }
  return memory;
}

SHOAL_EXPORTED WGPUStatus wgpuBufferWriteMappedRange(WGPUBuffer buffer, size_t offset, void const* data,
                                                     size_t size) {
  say_with_payload(
      buffer, bytes_of(data, size),
      [&](std::span<const std::byte> bytes) {
        return gpu::WriteMapped{.buffer = recording()->id_of(buffer), .offset_bytes = offset, .data = bytes};
      },
      [&](u32 blob, u64 size_bytes) {
        return gpu::WriteMappedFromBlob{
            .buffer = recording()->id_of(buffer), .offset_bytes = offset, .blob = blob, .size_bytes = size_bytes};
      },
      [] {});
  return real().wgpuBufferWriteMappedRange(buffer, offset, data, size);
}

SHOAL_EXPORTED void wgpuBufferUnmap(WGPUBuffer buffer) {
  if (Recording* r = recording(); r != nullptr) {
    const Caller caller;
    const std::lock_guard lock(r->mutex);
    say_written(*r, buffer, caller);
  }
  say(
      buffer, [&](Recording& r) { return gpu::Unmap{.buffer = r.id_of(buffer)}; },
      [&] { real().wgpuBufferUnmap(buffer); });
}

SHOAL_EXPORTED WGPUFuture wgpuBufferMapAsync(WGPUBuffer buffer, WGPUMapMode mode, size_t offset, size_t size,
                                             WGPUBufferMapCallbackInfo callbackInfo) {
  Recording* r = recording();
  if (r == nullptr) return real().wgpuBufferMapAsync(buffer, mode, offset, size, callbackInfo);
  const bool is_writing = (mode & WGPUMapMode_Write) != 0;
  u32 ticket = 0;
  auto request = std::make_unique<MapRequest>();
  {
    const std::lock_guard lock(r->mutex);
    ticket = ++r->last_ticket;
    const auto state = r->buffers.find(buffer);
    const u64 whole = state == r->buffers.end() ? 0 : state->second.size_bytes;
    *request = {callbackInfo,
                buffer,
                offset,
                size == WGPU_WHOLE_MAP_SIZE ? static_cast<size_t>(whole - std::min<u64>(offset, whole)) : size,
                ticket,
                is_writing};
  }
  WGPUBufferMapCallbackInfo ours = callbackInfo;
  ours.callback = on_mapped;
  ours.userdata1 = request.get();
  ours.userdata2 = nullptr;
  real().wgpuBufferAddRef(buffer);  // the program may release it before it is heard of
  const u64 size_bytes = request->size;
  static_cast<void>(request.release());  // the callback's
  if (is_writing) {
    return say(
        buffer,
        [&](Recording& recorder) {
          return gpu::MapAsyncWrite{
              .buffer = recorder.id_of(buffer), .offset_bytes = offset, .size_bytes = size_bytes, .ticket = ticket};
        },
        [&] { return real().wgpuBufferMapAsync(buffer, mode, offset, size, ours); });
  }
  return say(
      buffer,
      [&](Recording& recorder) {
        return gpu::MapAsync{
            .buffer = recorder.id_of(buffer), .offset_bytes = offset, .size_bytes = size_bytes, .ticket = ticket};
      },
      [&] { return real().wgpuBufferMapAsync(buffer, mode, offset, size, ours); });
}

SHOAL_EXPORTED void wgpuQueueWriteBuffer(WGPUQueue queue, WGPUBuffer buffer, uint64_t bufferOffset,
                                         void const* data, size_t size) {
  say_with_payload(
      queue, bytes_of(data, size),
      [&](std::span<const std::byte> bytes) {
        return gpu::WriteBuffer{.buffer = recording()->id_of(buffer), .offset_bytes = bufferOffset, .data = bytes};
      },
      [&](u32 blob, u64 size_bytes) {
        return gpu::WriteBufferFromBlob{.buffer = recording()->id_of(buffer),
                                        .offset_bytes = bufferOffset,
                                        .blob = blob,
                                        .size_bytes = size_bytes};
      },
      [&] { real().wgpuQueueWriteBuffer(queue, buffer, bufferOffset, data, size); });
}

SHOAL_EXPORTED void wgpuQueueWriteTexture(WGPUQueue queue, WGPUTexelCopyTextureInfo const* destination,
                                          void const* data, size_t dataSize,
                                          WGPUTexelCopyBufferLayout const* dataLayout,
                                          WGPUExtent3D const* writeSize) {
  say_with_payload(
      queue, bytes_of(data, dataSize),
      [&](std::span<const std::byte> bytes) {
        return gpu::WriteTexture{.target = describe(*recording(), *destination),
                                 .layout = describe(*dataLayout),
                                 .size = describe(*writeSize),
                                 .data = bytes};
      },
      [&](u32 blob, u64 size_bytes) {
        return gpu::WriteTextureFromBlob{.target = describe(*recording(), *destination),
                                         .layout = describe(*dataLayout),
                                         .size = describe(*writeSize),
                                         .blob = blob,
                                         .size_bytes = size_bytes};
      },
      [&] { real().wgpuQueueWriteTexture(queue, destination, data, dataSize, dataLayout, writeSize); });
}

SHOAL_EXPORTED WGPUTexture wgpuDeviceCreateTexture(WGPUDevice device, WGPUTextureDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kTexture,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain, {WGPUSType_TextureBindingViewDimension});
        return gpu::CreateTexture{
            .texture = id, .label = text_of(descriptor->label), .descriptor = describe(*descriptor)};
      },
      [&] { return real().wgpuDeviceCreateTexture(device, descriptor); });
}

SHOAL_EXPORTED void wgpuTextureDestroy(WGPUTexture texture) {
  say(
      texture, [&](Recording& r) { return gpu::DestroyTexture{.texture = r.id_of(texture)}; },
      [&] { real().wgpuTextureDestroy(texture); });
}

SHOAL_EXPORTED WGPUTextureView wgpuTextureCreateView(WGPUTexture texture,
                                                     WGPUTextureViewDescriptor const* descriptor) {
  return create(
      texture, gpu::ObjectKind::kTextureView,
      [&](Recording& r, u32 id) {
        if (descriptor != nullptr) r.check_chain(id, descriptor->nextInChain);
        return gpu::CreateTextureView{.view = id,
                                      .label = descriptor == nullptr ? "" : text_of(descriptor->label),
                                      .texture = r.id_of(texture),
                                      .descriptor = describe(descriptor)};
      },
      [&] { return real().wgpuTextureCreateView(texture, descriptor); });
}

SHOAL_EXPORTED WGPUSampler wgpuDeviceCreateSampler(WGPUDevice device, WGPUSamplerDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kSampler,
      [&](Recording& r, u32 id) {
        if (descriptor != nullptr) r.check_chain(id, descriptor->nextInChain);
        return gpu::CreateSampler{.sampler = id,
                                  .label = descriptor == nullptr ? "" : text_of(descriptor->label),
                                  .descriptor = describe(descriptor)};
      },
      [&] { return real().wgpuDeviceCreateSampler(device, descriptor); });
}

SHOAL_EXPORTED WGPUShaderModule wgpuDeviceCreateShaderModule(WGPUDevice device,
                                                             WGPUShaderModuleDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kShaderModule,
      [&](Recording& r, u32 id) {
        std::string_view code;
        for (const WGPUChainedStruct* chain = descriptor->nextInChain; chain != nullptr; chain = chain->next) {
          if (chain->sType != WGPUSType_ShaderSourceWGSL) continue;
          code = text_of(reinterpret_cast<const WGPUShaderSourceWGSL*>(chain)->code);
        }
        r.check_chain(id, descriptor->nextInChain, {WGPUSType_ShaderSourceWGSL});
        return gpu::CreateShaderModule{.module = id, .label = text_of(descriptor->label), .code = code};
      },
      [&] { return real().wgpuDeviceCreateShaderModule(device, descriptor); });
}

SHOAL_EXPORTED WGPUShaderModule wgpuDeviceCreateShaderModuleTrusted(WGPUDevice device,
                                                                    WGPUShaderModuleDescriptor const* descriptor,
                                                                    WGPUShaderRuntimeChecks runtimeChecks) {
  return create(
      device, gpu::ObjectKind::kShaderModule,
      [&](Recording& r, u32 id) {
        std::string_view code;
        for (const WGPUChainedStruct* chain = descriptor->nextInChain; chain != nullptr; chain = chain->next) {
          if (chain->sType != WGPUSType_ShaderSourceWGSL) continue;
          code = text_of(reinterpret_cast<const WGPUShaderSourceWGSL*>(chain)->code);
        }
        r.check_chain(id, descriptor->nextInChain, {WGPUSType_ShaderSourceWGSL});
        // A replay does not trust a stranger: the checks come back.
        return gpu::CreateShaderModule{.module = id, .label = text_of(descriptor->label), .code = code};
      },
      [&] { return real().wgpuDeviceCreateShaderModuleTrusted(device, descriptor, runtimeChecks); });
}

SHOAL_EXPORTED WGPUShaderModule
wgpuDeviceCreateShaderModuleSpirV(WGPUDevice device, WGPUShaderModuleDescriptorSpirV const* descriptor) {
  return create(
      device, gpu::ObjectKind::kShaderModule,
      [&](Recording&, u32 id) {
        return gpu::Unsupported{.object = id, .name = "wgpuDeviceCreateShaderModuleSpirV"};
      },
      [&] { return real().wgpuDeviceCreateShaderModuleSpirV(device, descriptor); });
}

SHOAL_EXPORTED WGPUBindGroupLayout
wgpuDeviceCreateBindGroupLayout(WGPUDevice device, WGPUBindGroupLayoutDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kBindGroupLayout,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        return gpu::CreateBindGroupLayout{
            .layout = id, .label = text_of(descriptor->label), .entries = layout_entries(r, id, *descriptor)};
      },
      [&] { return real().wgpuDeviceCreateBindGroupLayout(device, descriptor); });
}

SHOAL_EXPORTED WGPUPipelineLayout wgpuDeviceCreatePipelineLayout(WGPUDevice device,
                                                                 WGPUPipelineLayoutDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kPipelineLayout,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        if (descriptor->immediateSize != 0) r.use_unsupported(id, "immediates");
        return gpu::CreatePipelineLayout{
            .layout = id,
            .label = text_of(descriptor->label),
            .bind_group_layouts = r.ids(descriptor->bindGroupLayoutCount, descriptor->bindGroupLayouts)};
      },
      [&] { return real().wgpuDeviceCreatePipelineLayout(device, descriptor); });
}

SHOAL_EXPORTED WGPUBindGroup wgpuDeviceCreateBindGroup(WGPUDevice device,
                                                       WGPUBindGroupDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kBindGroup,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        gpu::CreateBindGroup command{
            .bind_group = id, .label = text_of(descriptor->label), .layout = r.id_of(descriptor->layout)};
        for (size_t i = 0; i < descriptor->entryCount; ++i) {
          r.check_chain(id, descriptor->entries[i].nextInChain);
          command.entries.push_back(describe(r, descriptor->entries[i]));
        }
        return command;
      },
      [&] { return real().wgpuDeviceCreateBindGroup(device, descriptor); });
}

SHOAL_EXPORTED WGPUComputePipeline
wgpuDeviceCreateComputePipeline(WGPUDevice device, WGPUComputePipelineDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kComputePipeline,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        r.check_chain(id, descriptor->compute.nextInChain);
        return gpu::CreateComputePipeline{
            .pipeline = id,
            .label = text_of(descriptor->label),
            .layout = r.id_of(descriptor->layout),
            .module = r.id_of(descriptor->compute.module),
            .entry_point = text_of(descriptor->compute.entryPoint),
            .constants = constants_of(descriptor->compute.constantCount, descriptor->compute.constants)};
      },
      [&] { return real().wgpuDeviceCreateComputePipeline(device, descriptor); });
}

// wgpu-py always hands wgpu-native's rasterization modes over: filling is WebGPU's own.
static const WGPUChainedStruct* extras_of(const WGPUPrimitiveState& primitive) {
  const WGPUChainedStruct* chain = primitive.nextInChain;
  if (chain == nullptr || chain->next != nullptr || u32{chain->sType} != u32{WGPUSType_PrimitiveStateExtras})
    return chain;
  const auto& extras = *reinterpret_cast<const WGPUPrimitiveStateExtras*>(chain);
  return extras.polygonMode == WGPUPolygonMode_Fill && extras.conservative == 0 ? nullptr : chain;
}

SHOAL_EXPORTED WGPURenderPipeline wgpuDeviceCreateRenderPipeline(WGPUDevice device,
                                                                 WGPURenderPipelineDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kRenderPipeline,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        r.check_chain(id, extras_of(descriptor->primitive));
        return gpu::CreateRenderPipeline{
            .pipeline = id, .label = text_of(descriptor->label), .state = describe(r, *descriptor)};
      },
      [&] { return real().wgpuDeviceCreateRenderPipeline(device, descriptor); });
}

SHOAL_EXPORTED WGPUBindGroupLayout wgpuComputePipelineGetBindGroupLayout(WGPUComputePipeline computePipeline,
                                                                         uint32_t groupIndex) {
  return create(
      computePipeline, gpu::ObjectKind::kBindGroupLayout,
      [&](Recording& r, u32 id) {
        return gpu::GetBindGroupLayout{.layout = id, .pipeline = r.id_of(computePipeline), .index = groupIndex};
      },
      [&] { return real().wgpuComputePipelineGetBindGroupLayout(computePipeline, groupIndex); });
}

SHOAL_EXPORTED WGPUBindGroupLayout wgpuRenderPipelineGetBindGroupLayout(WGPURenderPipeline renderPipeline,
                                                                        uint32_t groupIndex) {
  return create(
      renderPipeline, gpu::ObjectKind::kBindGroupLayout,
      [&](Recording& r, u32 id) {
        return gpu::GetBindGroupLayout{.layout = id, .pipeline = r.id_of(renderPipeline), .index = groupIndex};
      },
      [&] { return real().wgpuRenderPipelineGetBindGroupLayout(renderPipeline, groupIndex); });
}

SHOAL_EXPORTED WGPUQuerySet wgpuDeviceCreateQuerySet(WGPUDevice device, WGPUQuerySetDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kQuerySet,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        return gpu::CreateQuerySet{.query_set = id,
                                   .label = text_of(descriptor->label),
                                   .type = named<gpu::QueryType>(descriptor->type),
                                   .count = descriptor->count};
      },
      [&] { return real().wgpuDeviceCreateQuerySet(device, descriptor); });
}

SHOAL_EXPORTED void wgpuQuerySetDestroy(WGPUQuerySet querySet) {
  say(
      querySet, [&](Recording& r) { return gpu::DestroyQuerySet{.query_set = r.id_of(querySet)}; },
      [&] { real().wgpuQuerySetDestroy(querySet); });
}
