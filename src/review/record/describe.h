// From webgpu.h's structs to the vocabulary's.
#pragma once

#include "review/record/recording.h"

namespace shoal::review {

template <class To, class From>
constexpr To named(From value) {
  return static_cast<To>(static_cast<u32>(value));
}

std::string_view text_of(WGPUStringView text);
std::vector<gpu::TextureFormat> formats_of(size_t count, const WGPUTextureFormat* formats);
std::vector<gpu::Constant> constants_of(size_t count, const WGPUConstantEntry* constants);

gpu::LayoutEntry describe(const WGPUBindGroupLayoutEntry& entry);
gpu::BindEntry describe(const Recording& recorder, const WGPUBindGroupEntry& entry);
gpu::TextureDescriptor describe(const WGPUTextureDescriptor& descriptor);
// A null descriptor is one of defaults.
gpu::ViewDescriptor describe(const WGPUTextureViewDescriptor* descriptor);
gpu::SamplerDescriptor describe(const WGPUSamplerDescriptor* descriptor);
gpu::RenderState describe(const Recording& recorder, const WGPURenderPipelineDescriptor& descriptor);
gpu::PassTargets describe(const Recording& recorder, const WGPURenderPassDescriptor& descriptor);
gpu::TexturePlace describe(const Recording& recorder, const WGPUTexelCopyTextureInfo& place);
gpu::TexelLayout describe(const WGPUTexelCopyBufferLayout& layout);
gpu::Extent describe(const WGPUExtent3D& size);
gpu::CanvasConfiguration describe(const WGPUSurfaceConfiguration& configuration);

}  // namespace shoal::review
