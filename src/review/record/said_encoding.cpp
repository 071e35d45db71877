// What is encoded, recorded: passes, what is said in them, copies, bundles.
#include "review/record/describe.h"

using namespace shoal;
using namespace shoal::review;

namespace {

// What several kinds of encoder take alike: what makes the command, for say(), which sees its caller where it is
// called.
auto push_debug_group(const void* on, WGPUStringView label) {
  return [=](Recording& r) { return gpu::PushDebugGroup{.scope = r.id_of(on), .label = text_of(label)}; };
}

auto pop_debug_group(const void* on) {
  return [=](Recording& r) { return gpu::PopDebugGroup{.scope = r.id_of(on)}; };
}

auto insert_debug_marker(const void* on, WGPUStringView label) {
  return [=](Recording& r) { return gpu::InsertDebugMarker{.scope = r.id_of(on), .label = text_of(label)}; };
}

auto set_bind_group(const void* on, u32 index, WGPUBindGroup group, size_t offset_count, const u32* offsets) {
  return [=](Recording& r) {
    return gpu::SetBindGroup{.pass = r.id_of(on),
                             .index = index,
                             .bind_group = r.id_of(group),
                             .dynamic_offsets = std::span(offsets, offset_count)};
  };
}

auto end_pass(const void* on) {
  return [=](Recording& r) { return gpu::EndPass{.pass = r.id_of(on)}; };
}

auto set_render_pipeline(const void* on, WGPURenderPipeline pipeline) {
  return [=](Recording& r) { return gpu::SetRenderPipeline{.pass = r.id_of(on), .pipeline = r.id_of(pipeline)}; };
}

auto set_vertex_buffer(const void* on, u32 slot, WGPUBuffer buffer, u64 offset_bytes, u64 size_bytes) {
  return [=](Recording& r) {
    return gpu::SetVertexBuffer{.pass = r.id_of(on),
                                .slot = slot,
                                .buffer = r.id_of(buffer),
                                .offset_bytes = offset_bytes,
                                .size_bytes = size_bytes};
  };
}

auto set_index_buffer(const void* on, WGPUBuffer buffer, WGPUIndexFormat format, u64 offset_bytes, u64 size_bytes) {
  return [=](Recording& r) {
    return gpu::SetIndexBuffer{.pass = r.id_of(on),
                               .buffer = r.id_of(buffer),
                               .format = named<gpu::IndexFormat>(format),
                               .offset_bytes = offset_bytes,
                               .size_bytes = size_bytes};
  };
}

auto draw(const void* on, u32 vertices, u32 instances, u32 first_vertex, u32 first_instance) {
  return [=](Recording& r) {
    return gpu::Draw{.pass = r.id_of(on),
                     .vertex_count = vertices,
                     .instance_count = instances,
                     .first_vertex = first_vertex,
                     .first_instance = first_instance};
  };
}

auto draw_indexed(const void* on, u32 indices, u32 instances, u32 first_index, i32 base_vertex,
                  u32 first_instance) {
  return [=](Recording& r) {
    return gpu::DrawIndexed{.pass = r.id_of(on),
                            .index_count = indices,
                            .instance_count = instances,
                            .first_index = first_index,
                            .base_vertex = base_vertex,
                            .first_instance = first_instance};
  };
}

template <class Command>
auto draw_indirect(const void* on, WGPUBuffer buffer, u64 offset_bytes) {
  return [=](Recording& r) {
    return Command{.pass = r.id_of(on), .buffer = r.id_of(buffer), .offset_bytes = offset_bytes};
  };
}

}  // namespace

SHOAL_EXPORTED WGPUCommandEncoder wgpuDeviceCreateCommandEncoder(WGPUDevice device,
                                                                 WGPUCommandEncoderDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kCommandEncoder,
      [&](Recording& r, u32 id) {
        r.end_frame_where_due(device);
        return gpu::CreateCommandEncoder{.encoder = id,
                                         .label = descriptor == nullptr ? "" : text_of(descriptor->label)};
      },
      [&] { return real().wgpuDeviceCreateCommandEncoder(device, descriptor); });
}

SHOAL_EXPORTED WGPUComputePassEncoder
wgpuCommandEncoderBeginComputePass(WGPUCommandEncoder commandEncoder, WGPUComputePassDescriptor const* descriptor) {
  return create(
      commandEncoder, gpu::ObjectKind::kPass,
      [&](Recording& r, u32 id) {
        gpu::BeginComputePass command{.encoder = r.id_of(commandEncoder), .pass = id};
        if (descriptor == nullptr) return command;
        command.label = text_of(descriptor->label);
        if (const auto* times = descriptor->timestampWrites; times != nullptr) {
          command.query_set = r.id_of(times->querySet);
          command.begin_query = times->beginningOfPassWriteIndex;
          command.end_query = times->endOfPassWriteIndex;
        }
        return command;
      },
      [&] { return real().wgpuCommandEncoderBeginComputePass(commandEncoder, descriptor); });
}

SHOAL_EXPORTED WGPURenderPassEncoder wgpuCommandEncoderBeginRenderPass(WGPUCommandEncoder commandEncoder,
                                                                       WGPURenderPassDescriptor const* descriptor) {
  return create(
      commandEncoder, gpu::ObjectKind::kPass,
      [&](Recording& r, u32 id) {
        r.check_chain(0, descriptor->nextInChain, {WGPUSType_RenderPassMaxDrawCount});
        return gpu::BeginRenderPass{.encoder = r.id_of(commandEncoder),
                                    .pass = id,
                                    .label = text_of(descriptor->label),
                                    .targets = describe(r, *descriptor)};
      },
      [&] { return real().wgpuCommandEncoderBeginRenderPass(commandEncoder, descriptor); });
}

SHOAL_EXPORTED WGPUCommandBuffer wgpuCommandEncoderFinish(WGPUCommandEncoder commandEncoder,
                                                          WGPUCommandBufferDescriptor const* descriptor) {
  return create(
      commandEncoder, gpu::ObjectKind::kCommandBuffer,
      [&](Recording& r, u32 id) { return gpu::Finish{.encoder = r.id_of(commandEncoder), .command_buffer = id}; },
      [&] { return real().wgpuCommandEncoderFinish(commandEncoder, descriptor); });
}

SHOAL_EXPORTED WGPURenderBundleEncoder
wgpuDeviceCreateRenderBundleEncoder(WGPUDevice device, WGPURenderBundleEncoderDescriptor const* descriptor) {
  return create(
      device, gpu::ObjectKind::kPass,
      [&](Recording& r, u32 id) {
        r.check_chain(id, descriptor->nextInChain);
        return gpu::CreateRenderBundleEncoder{
            .pass = id,
            .label = text_of(descriptor->label),
            .targets = {.color_formats = formats_of(descriptor->colorFormatCount, descriptor->colorFormats),
                        .depth_stencil_format = named<gpu::TextureFormat>(descriptor->depthStencilFormat),
                        .sample_count = descriptor->sampleCount,
                        .depth_read_only = descriptor->depthReadOnly,
                        .stencil_read_only = descriptor->stencilReadOnly}};
      },
      [&] { return real().wgpuDeviceCreateRenderBundleEncoder(device, descriptor); });
}

SHOAL_EXPORTED WGPURenderBundle wgpuRenderBundleEncoderFinish(WGPURenderBundleEncoder renderBundleEncoder,
                                                              WGPURenderBundleDescriptor const* descriptor) {
  return create(
      renderBundleEncoder, gpu::ObjectKind::kRenderBundle,
      [&](Recording& r, u32 id) { return gpu::FinishBundle{.pass = r.id_of(renderBundleEncoder), .bundle = id}; },
      [&] { return real().wgpuRenderBundleEncoderFinish(renderBundleEncoder, descriptor); });
}

SHOAL_EXPORTED void wgpuCommandEncoderClearBuffer(WGPUCommandEncoder commandEncoder, WGPUBuffer buffer,
                                                  uint64_t offset, uint64_t size) {
  say(
      commandEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::ClearBuffer{.encoder = r.id_of(commandEncoder),
                                .buffer = r.id_of(buffer),
                                .offset_bytes = offset,
                                .size_bytes = size};
      },
      [&] { real().wgpuCommandEncoderClearBuffer(commandEncoder, buffer, offset, size); });
}

SHOAL_EXPORTED void wgpuCommandEncoderCopyBufferToBuffer(WGPUCommandEncoder commandEncoder, WGPUBuffer source,
                                                         uint64_t sourceOffset, WGPUBuffer destination,
                                                         uint64_t destinationOffset, uint64_t size) {
  say(
      commandEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::CopyBufferToBuffer{.encoder = r.id_of(commandEncoder),
                                       .source = r.id_of(source),
                                       .source_offset_bytes = sourceOffset,
                                       .target = r.id_of(destination),
                                       .target_offset_bytes = destinationOffset,
                                       .size_bytes = size};
      },
      [&] {
        real().wgpuCommandEncoderCopyBufferToBuffer(commandEncoder, source, sourceOffset, destination,
                                                    destinationOffset, size);
      });
}

SHOAL_EXPORTED void wgpuCommandEncoderCopyBufferToTexture(WGPUCommandEncoder commandEncoder,
                                                          WGPUTexelCopyBufferInfo const* source,
                                                          WGPUTexelCopyTextureInfo const* destination,
                                                          WGPUExtent3D const* copySize) {
  say(
      commandEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::CopyBufferToTexture{.encoder = r.id_of(commandEncoder),
                                        .source = r.id_of(source->buffer),
                                        .layout = describe(source->layout),
                                        .target = describe(r, *destination),
                                        .size = describe(*copySize)};
      },
      [&] { real().wgpuCommandEncoderCopyBufferToTexture(commandEncoder, source, destination, copySize); });
}

SHOAL_EXPORTED void wgpuCommandEncoderCopyTextureToBuffer(WGPUCommandEncoder commandEncoder,
                                                          WGPUTexelCopyTextureInfo const* source,
                                                          WGPUTexelCopyBufferInfo const* destination,
                                                          WGPUExtent3D const* copySize) {
  say(
      commandEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::CopyTextureToBuffer{.encoder = r.id_of(commandEncoder),
                                        .source = describe(r, *source),
                                        .target = r.id_of(destination->buffer),
                                        .layout = describe(destination->layout),
                                        .size = describe(*copySize)};
      },
      [&] { real().wgpuCommandEncoderCopyTextureToBuffer(commandEncoder, source, destination, copySize); });
}

SHOAL_EXPORTED void wgpuCommandEncoderCopyTextureToTexture(WGPUCommandEncoder commandEncoder,
                                                           WGPUTexelCopyTextureInfo const* source,
                                                           WGPUTexelCopyTextureInfo const* destination,
                                                           WGPUExtent3D const* copySize) {
  say(
      commandEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::CopyTextureToTexture{.encoder = r.id_of(commandEncoder),
                                         .source = describe(r, *source),
                                         .target = describe(r, *destination),
                                         .size = describe(*copySize)};
      },
      [&] { real().wgpuCommandEncoderCopyTextureToTexture(commandEncoder, source, destination, copySize); });
}

SHOAL_EXPORTED void wgpuCommandEncoderResolveQuerySet(WGPUCommandEncoder commandEncoder, WGPUQuerySet querySet,
                                                      uint32_t firstQuery, uint32_t queryCount,
                                                      WGPUBuffer destination, uint64_t destinationOffset) {
  say(
      commandEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::ResolveQuerySet{.encoder = r.id_of(commandEncoder),
                                    .query_set = r.id_of(querySet),
                                    .first = firstQuery,
                                    .count = queryCount,
                                    .target = r.id_of(destination),
                                    .target_offset_bytes = destinationOffset};
      },
      [&] {
        real().wgpuCommandEncoderResolveQuerySet(commandEncoder, querySet, firstQuery, queryCount, destination,
                                                 destinationOffset);
      });
}

SHOAL_EXPORTED void wgpuCommandEncoderWriteTimestamp(WGPUCommandEncoder commandEncoder, WGPUQuerySet querySet,
                                                     uint32_t queryIndex) {
  say(
      commandEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::WriteTimestamp{
            .encoder = r.id_of(commandEncoder), .query_set = r.id_of(querySet), .query = queryIndex};
      },
      [&] { real().wgpuCommandEncoderWriteTimestamp(commandEncoder, querySet, queryIndex); });
}

SHOAL_EXPORTED void wgpuCommandEncoderPushDebugGroup(WGPUCommandEncoder commandEncoder, WGPUStringView groupLabel) {
  say(commandEncoder, push_debug_group(commandEncoder, groupLabel),
      [&] { real().wgpuCommandEncoderPushDebugGroup(commandEncoder, groupLabel); });
}

SHOAL_EXPORTED void wgpuCommandEncoderPopDebugGroup(WGPUCommandEncoder commandEncoder) {
  say(commandEncoder, pop_debug_group(commandEncoder),
      [&] { real().wgpuCommandEncoderPopDebugGroup(commandEncoder); });
}

SHOAL_EXPORTED void wgpuCommandEncoderInsertDebugMarker(WGPUCommandEncoder commandEncoder,
                                                        WGPUStringView markerLabel) {
  say(commandEncoder, insert_debug_marker(commandEncoder, markerLabel),
      [&] { real().wgpuCommandEncoderInsertDebugMarker(commandEncoder, markerLabel); });
}

SHOAL_EXPORTED void wgpuComputePassEncoderPushDebugGroup(WGPUComputePassEncoder computePassEncoder,
                                                         WGPUStringView groupLabel) {
  say(computePassEncoder, push_debug_group(computePassEncoder, groupLabel),
      [&] { real().wgpuComputePassEncoderPushDebugGroup(computePassEncoder, groupLabel); });
}

SHOAL_EXPORTED void wgpuComputePassEncoderPopDebugGroup(WGPUComputePassEncoder computePassEncoder) {
  say(computePassEncoder, pop_debug_group(computePassEncoder),
      [&] { real().wgpuComputePassEncoderPopDebugGroup(computePassEncoder); });
}

SHOAL_EXPORTED void wgpuComputePassEncoderInsertDebugMarker(WGPUComputePassEncoder computePassEncoder,
                                                            WGPUStringView markerLabel) {
  say(computePassEncoder, insert_debug_marker(computePassEncoder, markerLabel),
      [&] { real().wgpuComputePassEncoderInsertDebugMarker(computePassEncoder, markerLabel); });
}

SHOAL_EXPORTED void wgpuComputePassEncoderSetBindGroup(WGPUComputePassEncoder computePassEncoder,
                                                       uint32_t groupIndex, WGPUBindGroup group,
                                                       size_t dynamicOffsetCount, uint32_t const* dynamicOffsets) {
  say(computePassEncoder, set_bind_group(computePassEncoder, groupIndex, group, dynamicOffsetCount, dynamicOffsets),
      [&] {
        real().wgpuComputePassEncoderSetBindGroup(computePassEncoder, groupIndex, group, dynamicOffsetCount,
                                                  dynamicOffsets);
      });
}

SHOAL_EXPORTED void wgpuComputePassEncoderEnd(WGPUComputePassEncoder computePassEncoder) {
  say(computePassEncoder, end_pass(computePassEncoder),
      [&] { real().wgpuComputePassEncoderEnd(computePassEncoder); });
}

SHOAL_EXPORTED void wgpuComputePassEncoderSetPipeline(WGPUComputePassEncoder computePassEncoder,
                                                      WGPUComputePipeline pipeline) {
  say(
      computePassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::SetPipeline{.pass = r.id_of(computePassEncoder), .pipeline = r.id_of(pipeline)};
      },
      [&] { real().wgpuComputePassEncoderSetPipeline(computePassEncoder, pipeline); });
}

SHOAL_EXPORTED void wgpuComputePassEncoderDispatchWorkgroups(WGPUComputePassEncoder computePassEncoder,
                                                             uint32_t workgroupCountX, uint32_t workgroupCountY,
                                                             uint32_t workgroupCountZ) {
  say(
      computePassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::DispatchWorkgroups{
            .pass = r.id_of(computePassEncoder), .x = workgroupCountX, .y = workgroupCountY, .z = workgroupCountZ};
      },
      [&] {
        real().wgpuComputePassEncoderDispatchWorkgroups(computePassEncoder, workgroupCountX, workgroupCountY,
                                                        workgroupCountZ);
      });
}

SHOAL_EXPORTED void wgpuComputePassEncoderDispatchWorkgroupsIndirect(WGPUComputePassEncoder computePassEncoder,
                                                                     WGPUBuffer indirectBuffer,
                                                                     uint64_t indirectOffset) {
  say(
      computePassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::DispatchWorkgroupsIndirect{
            .pass = r.id_of(computePassEncoder), .buffer = r.id_of(indirectBuffer), .offset_bytes = indirectOffset};
      },
      [&] {
        real().wgpuComputePassEncoderDispatchWorkgroupsIndirect(computePassEncoder, indirectBuffer, indirectOffset);
      });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderPushDebugGroup(WGPURenderPassEncoder renderPassEncoder,
                                                        WGPUStringView groupLabel) {
  say(renderPassEncoder, push_debug_group(renderPassEncoder, groupLabel),
      [&] { real().wgpuRenderPassEncoderPushDebugGroup(renderPassEncoder, groupLabel); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderPopDebugGroup(WGPURenderPassEncoder renderPassEncoder) {
  say(renderPassEncoder, pop_debug_group(renderPassEncoder),
      [&] { real().wgpuRenderPassEncoderPopDebugGroup(renderPassEncoder); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderInsertDebugMarker(WGPURenderPassEncoder renderPassEncoder,
                                                           WGPUStringView markerLabel) {
  say(renderPassEncoder, insert_debug_marker(renderPassEncoder, markerLabel),
      [&] { real().wgpuRenderPassEncoderInsertDebugMarker(renderPassEncoder, markerLabel); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetBindGroup(WGPURenderPassEncoder renderPassEncoder, uint32_t groupIndex,
                                                      WGPUBindGroup group, size_t dynamicOffsetCount,
                                                      uint32_t const* dynamicOffsets) {
  say(renderPassEncoder, set_bind_group(renderPassEncoder, groupIndex, group, dynamicOffsetCount, dynamicOffsets),
      [&] {
        real().wgpuRenderPassEncoderSetBindGroup(renderPassEncoder, groupIndex, group, dynamicOffsetCount,
                                                 dynamicOffsets);
      });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderEnd(WGPURenderPassEncoder renderPassEncoder) {
  say(renderPassEncoder, end_pass(renderPassEncoder), [&] { real().wgpuRenderPassEncoderEnd(renderPassEncoder); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetPipeline(WGPURenderPassEncoder renderPassEncoder,
                                                     WGPURenderPipeline pipeline) {
  say(renderPassEncoder, set_render_pipeline(renderPassEncoder, pipeline),
      [&] { real().wgpuRenderPassEncoderSetPipeline(renderPassEncoder, pipeline); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetVertexBuffer(WGPURenderPassEncoder renderPassEncoder, uint32_t slot,
                                                         WGPUBuffer buffer, uint64_t offset, uint64_t size) {
  say(renderPassEncoder, set_vertex_buffer(renderPassEncoder, slot, buffer, offset, size),
      [&] { real().wgpuRenderPassEncoderSetVertexBuffer(renderPassEncoder, slot, buffer, offset, size); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetIndexBuffer(WGPURenderPassEncoder renderPassEncoder, WGPUBuffer buffer,
                                                        WGPUIndexFormat format, uint64_t offset, uint64_t size) {
  say(renderPassEncoder, set_index_buffer(renderPassEncoder, buffer, format, offset, size),
      [&] { real().wgpuRenderPassEncoderSetIndexBuffer(renderPassEncoder, buffer, format, offset, size); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderDraw(WGPURenderPassEncoder renderPassEncoder, uint32_t vertexCount,
                                              uint32_t instanceCount, uint32_t firstVertex,
                                              uint32_t firstInstance) {
  say(renderPassEncoder, draw(renderPassEncoder, vertexCount, instanceCount, firstVertex, firstInstance), [&] {
    real().wgpuRenderPassEncoderDraw(renderPassEncoder, vertexCount, instanceCount, firstVertex, firstInstance);
  });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderDrawIndexed(WGPURenderPassEncoder renderPassEncoder, uint32_t indexCount,
                                                     uint32_t instanceCount, uint32_t firstIndex,
                                                     int32_t baseVertex, uint32_t firstInstance) {
  say(renderPassEncoder,
      draw_indexed(renderPassEncoder, indexCount, instanceCount, firstIndex, baseVertex, firstInstance), [&] {
        real().wgpuRenderPassEncoderDrawIndexed(renderPassEncoder, indexCount, instanceCount, firstIndex,
                                                baseVertex, firstInstance);
      });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderDrawIndirect(WGPURenderPassEncoder renderPassEncoder,
                                                      WGPUBuffer indirectBuffer, uint64_t indirectOffset) {
  say(renderPassEncoder, draw_indirect<gpu::DrawIndirect>(renderPassEncoder, indirectBuffer, indirectOffset),
      [&] { real().wgpuRenderPassEncoderDrawIndirect(renderPassEncoder, indirectBuffer, indirectOffset); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderDrawIndexedIndirect(WGPURenderPassEncoder renderPassEncoder,
                                                             WGPUBuffer indirectBuffer, uint64_t indirectOffset) {
  say(renderPassEncoder, draw_indirect<gpu::DrawIndexedIndirect>(renderPassEncoder, indirectBuffer, indirectOffset),
      [&] { real().wgpuRenderPassEncoderDrawIndexedIndirect(renderPassEncoder, indirectBuffer, indirectOffset); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderPushDebugGroup(WGPURenderBundleEncoder renderBundleEncoder,
                                                          WGPUStringView groupLabel) {
  say(renderBundleEncoder, push_debug_group(renderBundleEncoder, groupLabel),
      [&] { real().wgpuRenderBundleEncoderPushDebugGroup(renderBundleEncoder, groupLabel); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderPopDebugGroup(WGPURenderBundleEncoder renderBundleEncoder) {
  say(renderBundleEncoder, pop_debug_group(renderBundleEncoder),
      [&] { real().wgpuRenderBundleEncoderPopDebugGroup(renderBundleEncoder); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderInsertDebugMarker(WGPURenderBundleEncoder renderBundleEncoder,
                                                             WGPUStringView markerLabel) {
  say(renderBundleEncoder, insert_debug_marker(renderBundleEncoder, markerLabel),
      [&] { real().wgpuRenderBundleEncoderInsertDebugMarker(renderBundleEncoder, markerLabel); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderSetBindGroup(WGPURenderBundleEncoder renderBundleEncoder,
                                                        uint32_t groupIndex, WGPUBindGroup group,
                                                        size_t dynamicOffsetCount, uint32_t const* dynamicOffsets) {
  say(renderBundleEncoder,
      set_bind_group(renderBundleEncoder, groupIndex, group, dynamicOffsetCount, dynamicOffsets), [&] {
        real().wgpuRenderBundleEncoderSetBindGroup(renderBundleEncoder, groupIndex, group, dynamicOffsetCount,
                                                   dynamicOffsets);
      });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderSetPipeline(WGPURenderBundleEncoder renderBundleEncoder,
                                                       WGPURenderPipeline pipeline) {
  say(renderBundleEncoder, set_render_pipeline(renderBundleEncoder, pipeline),
      [&] { real().wgpuRenderBundleEncoderSetPipeline(renderBundleEncoder, pipeline); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderSetVertexBuffer(WGPURenderBundleEncoder renderBundleEncoder,
                                                           uint32_t slot, WGPUBuffer buffer, uint64_t offset,
                                                           uint64_t size) {
  say(renderBundleEncoder, set_vertex_buffer(renderBundleEncoder, slot, buffer, offset, size),
      [&] { real().wgpuRenderBundleEncoderSetVertexBuffer(renderBundleEncoder, slot, buffer, offset, size); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderSetIndexBuffer(WGPURenderBundleEncoder renderBundleEncoder,
                                                          WGPUBuffer buffer, WGPUIndexFormat format,
                                                          uint64_t offset, uint64_t size) {
  say(renderBundleEncoder, set_index_buffer(renderBundleEncoder, buffer, format, offset, size),
      [&] { real().wgpuRenderBundleEncoderSetIndexBuffer(renderBundleEncoder, buffer, format, offset, size); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderDraw(WGPURenderBundleEncoder renderBundleEncoder, uint32_t vertexCount,
                                                uint32_t instanceCount, uint32_t firstVertex,
                                                uint32_t firstInstance) {
  say(renderBundleEncoder, draw(renderBundleEncoder, vertexCount, instanceCount, firstVertex, firstInstance), [&] {
    real().wgpuRenderBundleEncoderDraw(renderBundleEncoder, vertexCount, instanceCount, firstVertex, firstInstance);
  });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderDrawIndexed(WGPURenderBundleEncoder renderBundleEncoder,
                                                       uint32_t indexCount, uint32_t instanceCount,
                                                       uint32_t firstIndex, int32_t baseVertex,
                                                       uint32_t firstInstance) {
  say(renderBundleEncoder,
      draw_indexed(renderBundleEncoder, indexCount, instanceCount, firstIndex, baseVertex, firstInstance), [&] {
        real().wgpuRenderBundleEncoderDrawIndexed(renderBundleEncoder, indexCount, instanceCount, firstIndex,
                                                  baseVertex, firstInstance);
      });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderDrawIndirect(WGPURenderBundleEncoder renderBundleEncoder,
                                                        WGPUBuffer indirectBuffer, uint64_t indirectOffset) {
  say(renderBundleEncoder, draw_indirect<gpu::DrawIndirect>(renderBundleEncoder, indirectBuffer, indirectOffset),
      [&] { real().wgpuRenderBundleEncoderDrawIndirect(renderBundleEncoder, indirectBuffer, indirectOffset); });
}

SHOAL_EXPORTED void wgpuRenderBundleEncoderDrawIndexedIndirect(WGPURenderBundleEncoder renderBundleEncoder,
                                                               WGPUBuffer indirectBuffer, uint64_t indirectOffset) {
  say(renderBundleEncoder,
      draw_indirect<gpu::DrawIndexedIndirect>(renderBundleEncoder, indirectBuffer, indirectOffset), [&] {
        real().wgpuRenderBundleEncoderDrawIndexedIndirect(renderBundleEncoder, indirectBuffer, indirectOffset);
      });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderMultiDrawIndirect(WGPURenderPassEncoder encoder, WGPUBuffer buffer,
                                                           uint64_t offset, uint32_t count) {
  say(
      encoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::MultiDrawIndirect{
            .pass = r.id_of(encoder), .buffer = r.id_of(buffer), .offset_bytes = offset, .count = count};
      },
      [&] { real().wgpuRenderPassEncoderMultiDrawIndirect(encoder, buffer, offset, count); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderMultiDrawIndexedIndirect(WGPURenderPassEncoder encoder, WGPUBuffer buffer,
                                                                  uint64_t offset, uint32_t count) {
  say(
      encoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::MultiDrawIndexedIndirect{
            .pass = r.id_of(encoder), .buffer = r.id_of(buffer), .offset_bytes = offset, .count = count};
      },
      [&] { real().wgpuRenderPassEncoderMultiDrawIndexedIndirect(encoder, buffer, offset, count); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetViewport(WGPURenderPassEncoder renderPassEncoder, float x, float y,
                                                     float width, float height, float minDepth, float maxDepth) {
  say(
      renderPassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::SetViewport{.pass = r.id_of(renderPassEncoder),
                                .x = static_cast<double>(x),
                                .y = static_cast<double>(y),
                                .width = static_cast<double>(width),
                                .height = static_cast<double>(height),
                                .min_depth = static_cast<double>(minDepth),
                                .max_depth = static_cast<double>(maxDepth)};
      },
      [&] { real().wgpuRenderPassEncoderSetViewport(renderPassEncoder, x, y, width, height, minDepth, maxDepth); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetScissorRect(WGPURenderPassEncoder renderPassEncoder, uint32_t x,
                                                        uint32_t y, uint32_t width, uint32_t height) {
  say(
      renderPassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::SetScissorRect{
            .pass = r.id_of(renderPassEncoder), .x = x, .y = y, .width = width, .height = height};
      },
      [&] { real().wgpuRenderPassEncoderSetScissorRect(renderPassEncoder, x, y, width, height); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetBlendConstant(WGPURenderPassEncoder renderPassEncoder,
                                                          WGPUColor const* color) {
  say(
      renderPassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::SetBlendConstant{.pass = r.id_of(renderPassEncoder),
                                     .value = {color->r, color->g, color->b, color->a}};
      },
      [&] { real().wgpuRenderPassEncoderSetBlendConstant(renderPassEncoder, color); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderSetStencilReference(WGPURenderPassEncoder renderPassEncoder,
                                                             uint32_t reference) {
  say(
      renderPassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::SetStencilReference{.pass = r.id_of(renderPassEncoder), .reference = reference};
      },
      [&] { real().wgpuRenderPassEncoderSetStencilReference(renderPassEncoder, reference); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderBeginOcclusionQuery(WGPURenderPassEncoder renderPassEncoder,
                                                             uint32_t queryIndex) {
  say(
      renderPassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::BeginOcclusionQuery{.pass = r.id_of(renderPassEncoder), .query = queryIndex};
      },
      [&] { real().wgpuRenderPassEncoderBeginOcclusionQuery(renderPassEncoder, queryIndex); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderEndOcclusionQuery(WGPURenderPassEncoder renderPassEncoder) {
  say(
      renderPassEncoder,
      [&]([[maybe_unused]] Recording& r) { return gpu::EndOcclusionQuery{.pass = r.id_of(renderPassEncoder)}; },
      [&] { real().wgpuRenderPassEncoderEndOcclusionQuery(renderPassEncoder); });
}

SHOAL_EXPORTED void wgpuRenderPassEncoderExecuteBundles(WGPURenderPassEncoder renderPassEncoder, size_t bundleCount,
                                                        WGPURenderBundle const* bundles) {
  say(
      renderPassEncoder,
      [&]([[maybe_unused]] Recording& r) {
        return gpu::ExecuteBundles{.pass = r.id_of(renderPassEncoder), .bundles = r.ids(bundleCount, bundles)};
      },
      [&] { real().wgpuRenderPassEncoderExecuteBundles(renderPassEncoder, bundleCount, bundles); });
}
