#include "review/record/describe.h"

#include "gpu/native/string_view.h"

namespace shoal::review {
namespace {

using namespace gpu;

BlendComponent blend_of(const WGPUBlendComponent& blend) {
  return {named<BlendOperation>(blend.operation), named<BlendFactor>(blend.srcFactor),
          named<BlendFactor>(blend.dstFactor)};
}

StencilFace face_of(const WGPUStencilFaceState& face) {
  return {named<CompareFunction>(face.compare), named<StencilOperation>(face.failOp),
          named<StencilOperation>(face.depthFailOp), named<StencilOperation>(face.passOp)};
}

DepthStencilState depth_stencil_of(const WGPUDepthStencilState& state) {
  return {.format = named<TextureFormat>(state.format),
          .depth_write_enabled = state.depthWriteEnabled == WGPUOptionalBool_True ? 1u : 0u,
          .depth_compare = named<CompareFunction>(state.depthCompare),
          .front = face_of(state.stencilFront),
          .back = face_of(state.stencilBack),
          .stencil_read_mask = state.stencilReadMask,
          .stencil_write_mask = state.stencilWriteMask,
          .depth_bias = state.depthBias,
          .depth_bias_slope_scale = static_cast<double>(state.depthBiasSlopeScale),
          .depth_bias_clamp = static_cast<double>(state.depthBiasClamp)};
}

VertexBufferLayout vertex_buffer_of(const WGPUVertexBufferLayout& layout) {
  VertexBufferLayout out{.stride_bytes = layout.arrayStride, .step_mode = named<VertexStepMode>(layout.stepMode)};
  for (size_t i = 0; i < layout.attributeCount; ++i) {
    const WGPUVertexAttribute& attribute = layout.attributes[i];
    out.attributes.push_back({named<VertexFormat>(attribute.format), attribute.offset, attribute.shaderLocation});
  }
  return out;
}

FragmentState fragment_of(const Recording& recorder, const WGPUFragmentState& state) {
  FragmentState out{.module = recorder.id_of(state.module),
                    .entry_point = text_of(state.entryPoint),
                    .constants = constants_of(state.constantCount, state.constants)};
  for (size_t i = 0; i < state.targetCount; ++i) {
    const WGPUColorTargetState& target = state.targets[i];
    ColorTarget& added = out.targets.emplace_back();
    added.format = named<TextureFormat>(target.format);
    added.write_mask = named<ColorWrite>(target.writeMask);
    if (target.blend != nullptr) {
      added.blend.push_back({.color = blend_of(target.blend->color), .alpha = blend_of(target.blend->alpha)});
    }
  }
  return out;
}

}  // namespace

std::string_view text_of(WGPUStringView text) { return std_text(text); }

std::vector<TextureFormat> formats_of(size_t count, const WGPUTextureFormat* formats) {
  std::vector<TextureFormat> out;
  for (size_t i = 0; i < count; ++i) out.push_back(named<TextureFormat>(formats[i]));
  return out;
}

std::vector<Constant> constants_of(size_t count, const WGPUConstantEntry* constants) {
  std::vector<Constant> out;
  for (size_t i = 0; i < count; ++i) out.push_back({text_of(constants[i].key), constants[i].value});
  return out;
}

LayoutEntry describe(const WGPUBindGroupLayoutEntry& entry) {
  LayoutEntry out{.binding = entry.binding, .visibility = named<ShaderStage>(entry.visibility)};
  if (entry.buffer.type > WGPUBufferBindingType_Undefined) {
    out.kind = entry.buffer.type == WGPUBufferBindingType_Uniform   ? BindingKind::kUniform
               : entry.buffer.type == WGPUBufferBindingType_Storage ? BindingKind::kStorage
                                                                    : BindingKind::kReadOnlyStorage;
    out.has_dynamic_offset = entry.buffer.hasDynamicOffset;
    out.min_size_bytes = entry.buffer.minBindingSize;
  } else if (entry.sampler.type > WGPUSamplerBindingType_Undefined) {
    out.kind = entry.sampler.type == WGPUSamplerBindingType_Filtering      ? BindingKind::kSampler
               : entry.sampler.type == WGPUSamplerBindingType_NonFiltering ? BindingKind::kNonFilteringSampler
                                                                           : BindingKind::kComparisonSampler;
  } else if (entry.texture.sampleType > WGPUTextureSampleType_Undefined) {
    out.kind = BindingKind::kTexture;
    out.sample_type = named<TextureSampleType>(entry.texture.sampleType);
    out.view_dimension = named<TextureViewDimension>(entry.texture.viewDimension);
    out.multisampled = entry.texture.multisampled;
  } else {
    out.kind = BindingKind::kStorageTexture;
    out.access = named<StorageTextureAccess>(entry.storageTexture.access);
    out.format = named<TextureFormat>(entry.storageTexture.format);
    out.view_dimension = named<TextureViewDimension>(entry.storageTexture.viewDimension);
  }
  return out;
}

BindEntry describe(const Recording& recorder, const WGPUBindGroupEntry& entry) {
  return {.binding = entry.binding,
          .buffer = recorder.id_of(entry.buffer),
          .offset_bytes = entry.offset,
          .size_bytes = entry.size,
          .sampler = recorder.id_of(entry.sampler),
          .texture_view = recorder.id_of(entry.textureView)};
}

TextureDescriptor describe(const WGPUTextureDescriptor& descriptor) {
  return {.dimension = named<TextureDimension>(descriptor.dimension),
          .format = named<TextureFormat>(descriptor.format),
          .usage = named<TextureUsage>(descriptor.usage),
          .width = descriptor.size.width,
          .height = descriptor.size.height,
          .depth_or_layers = descriptor.size.depthOrArrayLayers,
          .mip_level_count = descriptor.mipLevelCount,
          .sample_count = descriptor.sampleCount,
          .view_formats = formats_of(descriptor.viewFormatCount, descriptor.viewFormats)};
}

ViewDescriptor describe(const WGPUTextureViewDescriptor* descriptor) {
  if (descriptor == nullptr) return {.mip_level_count = kAllOrNone, .array_layer_count = kAllOrNone};
  return {.format = named<TextureFormat>(descriptor->format),
          .dimension = named<TextureViewDimension>(descriptor->dimension),
          .aspect = named<TextureAspect>(descriptor->aspect),
          .base_mip_level = descriptor->baseMipLevel,
          .mip_level_count = descriptor->mipLevelCount,
          .base_array_layer = descriptor->baseArrayLayer,
          .array_layer_count = descriptor->arrayLayerCount,
          .usage = named<TextureUsage>(descriptor->usage)};
}

SamplerDescriptor describe(const WGPUSamplerDescriptor* descriptor) {
  if (descriptor == nullptr) return {.lod_max = 32, .max_anisotropy = 1};
  return {.address_u = named<AddressMode>(descriptor->addressModeU),
          .address_v = named<AddressMode>(descriptor->addressModeV),
          .address_w = named<AddressMode>(descriptor->addressModeW),
          .mag_filter = named<FilterMode>(descriptor->magFilter),
          .min_filter = named<FilterMode>(descriptor->minFilter),
          .mipmap_filter = named<FilterMode>(descriptor->mipmapFilter),
          .lod_min = static_cast<double>(descriptor->lodMinClamp),
          .lod_max = static_cast<double>(descriptor->lodMaxClamp),
          .compare = named<CompareFunction>(descriptor->compare),
          .max_anisotropy = descriptor->maxAnisotropy};
}

RenderState describe(const Recording& recorder, const WGPURenderPipelineDescriptor& descriptor) {
  const WGPUVertexState& vertex = descriptor.vertex;
  RenderState out{.layout = recorder.id_of(descriptor.layout),
                  .module = recorder.id_of(vertex.module),
                  .entry_point = text_of(vertex.entryPoint),
                  .constants = constants_of(vertex.constantCount, vertex.constants),
                  .buffers = {},
                  .topology = named<PrimitiveTopology>(descriptor.primitive.topology),
                  .strip_index_format = named<IndexFormat>(descriptor.primitive.stripIndexFormat),
                  .front_face = named<FrontFace>(descriptor.primitive.frontFace),
                  .cull_mode = named<CullMode>(descriptor.primitive.cullMode),
                  .unclipped_depth = descriptor.primitive.unclippedDepth,
                  .depth_stencil = {},
                  .sample_count = descriptor.multisample.count,
                  .sample_mask = descriptor.multisample.mask,
                  .alpha_to_coverage = descriptor.multisample.alphaToCoverageEnabled,
                  .fragment = {}};
  for (size_t i = 0; i < vertex.bufferCount; ++i) out.buffers.push_back(vertex_buffer_of(vertex.buffers[i]));
  if (descriptor.depthStencil != nullptr) out.depth_stencil.push_back(depth_stencil_of(*descriptor.depthStencil));
  if (descriptor.fragment != nullptr) out.fragment.push_back(fragment_of(recorder, *descriptor.fragment));
  return out;
}

PassTargets describe(const Recording& recorder, const WGPURenderPassDescriptor& descriptor) {
  PassTargets out;
  for (size_t i = 0; i < descriptor.colorAttachmentCount; ++i) {
    const WGPURenderPassColorAttachment& attachment = descriptor.colorAttachments[i];
    const WGPUColor& clear = attachment.clearValue;
    out.color_attachments.push_back({.view = recorder.id_of(attachment.view),
                                     .depth_slice = attachment.depthSlice,
                                     .resolve_target = recorder.id_of(attachment.resolveTarget),
                                     .load = named<LoadOp>(attachment.loadOp),
                                     .store = named<StoreOp>(attachment.storeOp),
                                     .clear_value = {clear.r, clear.g, clear.b, clear.a}});
  }
  if (const auto* depth = descriptor.depthStencilAttachment; depth != nullptr) {
    out.depth_stencil.push_back({.view = recorder.id_of(depth->view),
                                 .depth_load = named<LoadOp>(depth->depthLoadOp),
                                 .depth_store = named<StoreOp>(depth->depthStoreOp),
                                 .depth_clear_value = static_cast<double>(depth->depthClearValue),
                                 .depth_read_only = depth->depthReadOnly,
                                 .stencil_load = named<LoadOp>(depth->stencilLoadOp),
                                 .stencil_store = named<StoreOp>(depth->stencilStoreOp),
                                 .stencil_clear_value = depth->stencilClearValue,
                                 .stencil_read_only = depth->stencilReadOnly});
  }
  out.occlusion_query_set = recorder.id_of(descriptor.occlusionQuerySet);
  if (const auto* times = descriptor.timestampWrites; times != nullptr) {
    out.query_set = recorder.id_of(times->querySet);
    out.begin_query = times->beginningOfPassWriteIndex;
    out.end_query = times->endOfPassWriteIndex;
  }
  return out;
}

TexturePlace describe(const Recording& recorder, const WGPUTexelCopyTextureInfo& place) {
  return {.texture = recorder.id_of(place.texture),
          .mip_level = place.mipLevel,
          .x = place.origin.x,
          .y = place.origin.y,
          .z = place.origin.z,
          .aspect = named<TextureAspect>(place.aspect)};
}

TexelLayout describe(const WGPUTexelCopyBufferLayout& layout) {
  return {
      .offset_bytes = layout.offset, .bytes_per_row = layout.bytesPerRow, .rows_per_image = layout.rowsPerImage};
}

Extent describe(const WGPUExtent3D& size) { return {size.width, size.height, size.depthOrArrayLayers}; }

CanvasConfiguration describe(const WGPUSurfaceConfiguration& configuration) {
  return {.format = named<TextureFormat>(configuration.format),
          .usage = named<TextureUsage>(configuration.usage),
          .width = configuration.width,
          .height = configuration.height,
          .view_formats = formats_of(configuration.viewFormatCount, configuration.viewFormats),
          .alpha_mode = named<AlphaMode>(configuration.alphaMode),
          .present_mode = named<PresentMode>(configuration.presentMode)};
}

}  // namespace shoal::review
