// The part of NativeExecutor that is about textures, their views, samplers and canvases.
#include <algorithm>

#include "gpu/native/error_scope.h"
#include "gpu/native/executor.h"
#include "gpu/native/one_line.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {
namespace {

std::vector<WGPUTextureFormat> native_formats(const std::vector<TextureFormat>& formats) {
  std::vector<WGPUTextureFormat> out;
  for (const TextureFormat format : formats) {
    if (format != TextureFormat::kUndefined) out.push_back(static_cast<WGPUTextureFormat>(format));
  }
  return out;
}

WGPUTexelCopyBufferLayout native_layout(const TexelLayout& layout) {
  return {layout.offset_bytes, layout.bytes_per_row, layout.rows_per_image};
}

WGPUExtent3D native_extent(const Extent& size) { return {size.width, size.height, size.depth_or_layers}; }

}  // namespace

void NativeExecutor::on(const CreateTexture& command) {
  const TextureDescriptor& wanted = command.descriptor;
  if (wanted.format == TextureFormat::kUndefined) {
    return add_broken(command.texture, command.label, "A texture needs a format.");
  }
  const std::vector<WGPUTextureFormat> view_formats = native_formats(wanted.view_formats);
  WGPUTextureDescriptor descriptor = WGPU_TEXTURE_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.usage = static_cast<WGPUTextureUsage>(wanted.usage);
  descriptor.dimension = wanted.dimension == TextureDimension::kUndefined
                             ? WGPUTextureDimension_2D
                             : static_cast<WGPUTextureDimension>(wanted.dimension);
  descriptor.size = {wanted.width, wanted.height, wanted.depth_or_layers};
  descriptor.format = static_cast<WGPUTextureFormat>(wanted.format);
  descriptor.mipLevelCount = wanted.mip_level_count;
  descriptor.sampleCount = wanted.sample_count;
  descriptor.viewFormatCount = view_formats.size();
  descriptor.viewFormats = view_formats.data();
  ErrorScope scope(device_.device());
  WGPUTexture handle = wgpuDeviceCreateTexture(device_.device(), &descriptor);
  if (const std::string message = scope.take(); !message.empty()) {
    if (handle != nullptr) wgpuTextureRelease(handle);
    report(scope.is_out_of_memory() ? ErrorKind::kOutOfMemory : ErrorKind::kValidation, command.label, message);
    broken_[command.texture] = one_line(message);
    return;
  }
  textures_[command.texture] = {.handle = handle, .is_canvas = false};
}

void NativeExecutor::on(const CreateTextureView& command) {
  const auto texture = textures_.find(command.texture);
  if (texture == textures_.end()) {
    return add_broken(command.view, command.label,
                      fmt::format("Texture {} is unusable: {}", command.texture, reason(command.texture)));
  }
  const ViewDescriptor& wanted = command.descriptor;
  if (wanted.mip_level_count == 0 || wanted.array_layer_count == 0) {
    return add_broken(command.view, command.label, "A view of no mip levels or no layers shows nothing.");
  }
  WGPUTextureViewDescriptor descriptor = WGPU_TEXTURE_VIEW_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.format = static_cast<WGPUTextureFormat>(wanted.format);
  descriptor.dimension = static_cast<WGPUTextureViewDimension>(wanted.dimension);
  descriptor.baseMipLevel = wanted.base_mip_level;
  descriptor.mipLevelCount = wanted.mip_level_count;
  descriptor.baseArrayLayer = wanted.base_array_layer;
  descriptor.arrayLayerCount = wanted.array_layer_count;
  descriptor.aspect = wanted.aspect == TextureAspect::kUndefined ? WGPUTextureAspect_All
                                                                 : static_cast<WGPUTextureAspect>(wanted.aspect);
  descriptor.usage = static_cast<WGPUTextureUsage>(wanted.usage);
  ErrorScope scope(device_.device());
  WGPUTextureView handle = wgpuTextureCreateView(texture->second.handle, &descriptor);
  if (const std::string message = scope.take(); !message.empty()) {
    if (handle != nullptr) wgpuTextureViewRelease(handle);
    return add_broken(command.view, command.label, one_line(message));
  }
  views_[command.view] = {.handle = handle, .texture = command.texture};
}

void NativeExecutor::on(const CreateSampler& command) {
  const SamplerDescriptor& wanted = command.descriptor;
  WGPUSamplerDescriptor descriptor = WGPU_SAMPLER_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.addressModeU = static_cast<WGPUAddressMode>(wanted.address_u);
  descriptor.addressModeV = static_cast<WGPUAddressMode>(wanted.address_v);
  descriptor.addressModeW = static_cast<WGPUAddressMode>(wanted.address_w);
  descriptor.magFilter = static_cast<WGPUFilterMode>(wanted.mag_filter);
  descriptor.minFilter = static_cast<WGPUFilterMode>(wanted.min_filter);
  descriptor.mipmapFilter = static_cast<WGPUMipmapFilterMode>(wanted.mipmap_filter);
  descriptor.lodMinClamp = static_cast<float>(wanted.lod_min);
  descriptor.lodMaxClamp = static_cast<float>(wanted.lod_max);
  descriptor.compare = static_cast<WGPUCompareFunction>(wanted.compare);
  descriptor.maxAnisotropy = static_cast<uint16_t>(std::min(wanted.max_anisotropy, 0xffffu));
  ErrorScope scope(device_.device());
  WGPUSampler handle = wgpuDeviceCreateSampler(device_.device(), &descriptor);
  if (const std::string message = scope.take(); !message.empty()) {
    if (handle != nullptr) wgpuSamplerRelease(handle);
    return add_broken(command.sampler, command.label, one_line(message));
  }
  samplers_[command.sampler] = handle;
}

void NativeExecutor::write_texture(const TexturePlace& target, const TexelLayout& layout, const Extent& size,
                                   std::span<const std::byte> data) {
  const auto texture = textures_.find(target.texture);
  if (texture == textures_.end()) {
    return report(ErrorKind::kValidation, "write_texture",
                  fmt::format("Texture {} is unusable: {}", target.texture, reason(target.texture)));
  }
  if (!device_.lost_message().empty() || data.empty()) return;
  const WGPUTexelCopyTextureInfo place = {texture->second.handle,
                                          target.mip_level,
                                          {target.x, target.y, target.z},
                                          static_cast<WGPUTextureAspect>(target.aspect)};
  const WGPUTexelCopyBufferLayout texels = native_layout(layout);
  const WGPUExtent3D extent = native_extent(size);
  ErrorScope scope(device_.device());
  wgpuQueueWriteTexture(queue_, &place, data.data(), data.size(), &texels, &extent);
  if (const std::string message = scope.take(); !message.empty()) {
    report(ErrorKind::kValidation, "write_texture", message);
  }
}

void NativeExecutor::on(const WriteTexture& command) {
  write_texture(command.target, command.layout, command.size, command.data);
}

void NativeExecutor::on(const WriteTextureFromBlob& command) {
  write_texture(command.target, command.layout, command.size,
                blob_range(command.blob, command.blob_offset_bytes, command.size_bytes, "write_texture_from_blob"));
}

// False where the texture is unusable, and the encoder is poisoned then.
bool NativeExecutor::copy_place(const TexturePlace& place, u32 encoder, WGPUTexelCopyTextureInfo& out) {
  const auto texture = textures_.find(place.texture);
  if (texture == textures_.end()) {
    poison(encoder,
           fmt::format("The copy names texture {}, which is unusable: {}", place.texture, reason(place.texture)));
    return false;
  }
  out = {texture->second.handle,
         place.mip_level,
         {place.x, place.y, place.z},
         static_cast<WGPUTextureAspect>(place.aspect)};
  return true;
}

void NativeExecutor::on(const CopyBufferToTexture& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end()) return drop("copy", fmt::format("There is no open encoder {}.", command.encoder));
  const WGPUTexelCopyBufferInfo source = {native_layout(command.layout),
                                          usable_buffer(command.source, command.encoder, "copy")};
  WGPUTexelCopyTextureInfo target;
  if (!copy_place(command.target, command.encoder, target) || source.buffer == nullptr) return;
  encoder->second.targets.push_back(command.source);
  const WGPUExtent3D size = native_extent(command.size);
  wgpuCommandEncoderCopyBufferToTexture(encoder->second.handle, &source, &target, &size);
}

void NativeExecutor::on(const CopyTextureToBuffer& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end()) return drop("copy", fmt::format("There is no open encoder {}.", command.encoder));
  const WGPUTexelCopyBufferInfo target = {native_layout(command.layout),
                                          usable_buffer(command.target, command.encoder, "copy")};
  WGPUTexelCopyTextureInfo source;
  if (!copy_place(command.source, command.encoder, source) || target.buffer == nullptr) return;
  encoder->second.targets.push_back(command.target);
  const WGPUExtent3D size = native_extent(command.size);
  wgpuCommandEncoderCopyTextureToBuffer(encoder->second.handle, &source, &target, &size);
}

void NativeExecutor::on(const CopyTextureToTexture& command) {
  const auto encoder = encoders_.find(command.encoder);
  if (encoder == encoders_.end()) return drop("copy", fmt::format("There is no open encoder {}.", command.encoder));
  WGPUTexelCopyTextureInfo source, target;
  if (!copy_place(command.source, command.encoder, source) ||
      !copy_place(command.target, command.encoder, target)) {
    return;
  }
  const WGPUExtent3D size = native_extent(command.size);
  wgpuCommandEncoderCopyTextureToTexture(encoder->second.handle, &source, &target, &size);
}

// A canvas is one texture that every frame draws into: nobody looks at it but who copies from it.
void NativeExecutor::on(const ConfigureCanvas& command) {
  on(UnconfigureCanvas{.canvas = command.canvas});
  const CanvasConfiguration& wanted = command.configuration;
  if (wanted.format == TextureFormat::kUndefined) {
    return add_broken(command.canvas, command.label, "A canvas needs a format.");
  }
  const std::vector<WGPUTextureFormat> view_formats = native_formats(wanted.view_formats);
  WGPUTextureDescriptor descriptor = WGPU_TEXTURE_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.usage = static_cast<WGPUTextureUsage>(wanted.usage) | WGPUTextureUsage_CopySrc;
  descriptor.dimension = WGPUTextureDimension_2D;
  descriptor.size = {wanted.width, wanted.height, 1};
  descriptor.format = static_cast<WGPUTextureFormat>(wanted.format);
  descriptor.viewFormatCount = view_formats.size();
  descriptor.viewFormats = view_formats.data();
  ErrorScope scope(device_.device());
  WGPUTexture handle = wgpuDeviceCreateTexture(device_.device(), &descriptor);
  if (const std::string message = scope.take(); !message.empty()) {
    if (handle != nullptr) wgpuTextureRelease(handle);
    return add_broken(command.canvas, command.label, one_line(message));
  }
  canvases_[command.canvas] = {.handle = handle};
}

void NativeExecutor::on(const UnconfigureCanvas& command) {
  const auto found = canvases_.find(command.canvas);
  if (found == canvases_.end()) return;
  wgpuTextureRelease(found->second.handle);
  canvases_.erase(found);
}

void NativeExecutor::on(const GetCurrentTexture& command) {
  const auto canvas = canvases_.find(command.canvas);
  if (canvas == canvases_.end()) {
    return add_broken(command.texture, "canvas",
                      fmt::format("Canvas {} is not configured: {}", command.canvas, reason(command.canvas)));
  }
  wgpuTextureAddRef(canvas->second.handle);
  textures_[command.texture] = {.handle = canvas->second.handle, .is_canvas = true};
}

void NativeExecutor::on(const DestroyTexture& command) {
  textures_to_destroy_.push_back(command.texture);
  destroy_unused();
}

// Called when no encoder is open that could name them.
void NativeExecutor::destroy_unused_textures() {
  for (const u32 id : textures_to_destroy_) {
    broken_.erase(id);
    const auto found = textures_.find(id);
    if (found == textures_.end()) continue;
    if (!found->second.is_canvas) wgpuTextureDestroy(found->second.handle);
    wgpuTextureRelease(found->second.handle);
    textures_.erase(found);
    std::erase_if(views_, [&](const auto& entry) {
      if (entry.second.texture != id) return false;
      wgpuTextureViewRelease(entry.second.handle);
      broken_[entry.first] = fmt::format("It shows texture {}, which was destroyed.", id);
      return true;
    });
    forget_groups_of(id, "texture");
  }
  textures_to_destroy_.clear();
}

}  // namespace shoal::gpu
