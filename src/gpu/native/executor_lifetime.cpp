// The part of NativeExecutor about what foreign programs do with memory: writing to what is mapped, giving objects
// up.
#include <cstring>

#include "gpu/native/executor.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {

u64 NativeExecutor::adopt(u32 id, WGPUBuffer buffer) {
  wgpuBufferAddRef(buffer);
  const u64 size_bytes = wgpuBufferGetSize(buffer);
  buffers_[id] = {.handle = buffer,
                  .size_bytes = size_bytes,
                  .usage = static_cast<BufferUsage>(wgpuBufferGetUsage(buffer)),
                  .is_adopted = true};
  return size_bytes;
}

std::span<const std::byte> NativeExecutor::blob_range(u32 blob, u64 offset_bytes, u64 size_bytes,
                                                      std::string_view use) {
  // Memory by address is the engine's own way to lend it, for buffers only.
  const auto lent = blobs_.find(blob);
  const auto bytes = lent == blobs_.end() ? std::span<const std::byte>() : lent->second;
  if (offset_bytes <= bytes.size() && size_bytes <= bytes.size() - offset_bytes) {
    return bytes.subspan(static_cast<size_t>(offset_bytes), static_cast<size_t>(size_bytes));
  }
  report(ErrorKind::kValidation, use,
         fmt::format("Blob {} has {} bytes, too few for {} at {}.", blob, bytes.size(), size_bytes, offset_bytes));
  return {};
}

void NativeExecutor::on(const MapAsyncWrite& command) {
  map(command.buffer, command.offset_bytes, command.size_bytes, command.ticket, WGPUMapMode_Write);
}

void NativeExecutor::write_mapped(u32 buffer, u64 offset_bytes, std::span<const std::byte> data) {
  const auto found = buffers_.find(buffer);
  if (found == buffers_.end() || !found->second.is_mapped || !found->second.is_writable || offset_bytes % 8 != 0 ||
      data.size() % 4 != 0 || offset_bytes < found->second.mapped_from || offset_bytes > found->second.mapped_to ||
      data.size() > found->second.mapped_to - offset_bytes) {
    return report(
        ErrorKind::kValidation, "write_mapped",
        fmt::format("Buffer {} is not mapped for writing {} bytes at {}.", buffer, data.size(), offset_bytes));
  }
  if (data.empty() || !device_.lost_message().empty()) return;
  void* mapped = wgpuBufferGetMappedRange(found->second.handle, static_cast<size_t>(offset_bytes), data.size());
  if (mapped != nullptr) std::memcpy(mapped, data.data(), data.size());
}

void NativeExecutor::on(const WriteMapped& command) {
  write_mapped(command.buffer, command.offset_bytes, command.data);
}

void NativeExecutor::on(const WriteMappedFromBlob& command) {
  write_mapped(command.buffer, command.offset_bytes,
               blob_range(command.blob, command.blob_offset_bytes, command.size_bytes, "write_mapped_from_blob"));
}

void NativeExecutor::on(const DestroyQuerySet& command) {
  on(Release{.kind = ObjectKind::kQuerySet, .object = command.query_set});
}

void NativeExecutor::on(const Unsupported& command) {
  if (command.object != 0) {
    broken_[command.object] = fmt::format("It was made with {}, which is not carried out.", command.name);
  } else {
    report(ErrorKind::kValidation, "unsupported", fmt::format("{} is not carried out.", command.name));
  }
}

// wgpu-native's objects keep what they need, so giving a handle up takes nothing from work that names it.
void NativeExecutor::on(const Release& command) {
  const u32 id = command.object;
  const auto give_up = [id](auto& table, auto release) {
    const auto found = table.find(id);
    if (found == table.end()) return;
    release(found->second);
    table.erase(found);
  };
  switch (command.kind) {
    case ObjectKind::kBuffer:
      // A submission asks whether its buffers are mapped.
      buffers_to_release_.push_back(id);
      return destroy_unused();
    case ObjectKind::kTexture:
      return give_up(textures_, [](const Texture& texture) { wgpuTextureRelease(texture.handle); });
    case ObjectKind::kTextureView:
      return give_up(views_, [](const TextureView& view) { wgpuTextureViewRelease(view.handle); });
    case ObjectKind::kSampler: return give_up(samplers_, wgpuSamplerRelease);
    case ObjectKind::kBindGroupLayout: return give_up(bind_group_layouts_, wgpuBindGroupLayoutRelease);
    case ObjectKind::kPipelineLayout: return give_up(pipeline_layouts_, wgpuPipelineLayoutRelease);
    case ObjectKind::kBindGroup: return on(ReleaseBindGroup{.bind_group = id});
    case ObjectKind::kShaderModule: return on(ReleaseShaderModule{.module = id});
    case ObjectKind::kComputePipeline: return on(ReleaseComputePipeline{.pipeline = id});
    case ObjectKind::kRenderPipeline: return give_up(render_pipelines_, wgpuRenderPipelineRelease);
    case ObjectKind::kRenderBundle: return give_up(bundles_, [](const auto&) {});
    case ObjectKind::kQuerySet: return give_up(query_sets_, wgpuQuerySetRelease);
    case ObjectKind::kCommandEncoder: {
      if (!encoders_.contains(id)) return;
      // Its passes end with it.
      std::erase_if(passes_, [id](const auto& entry) {
        if (entry.second.encoder != id) return false;
        if (entry.second.handle != nullptr) wgpuComputePassEncoderRelease(entry.second.handle);
        if (entry.second.render != nullptr) wgpuRenderPassEncoderRelease(entry.second.render);
        return true;
      });
      give_up(encoders_, [](const Encoder& encoder) { wgpuCommandEncoderRelease(encoder.handle); });
      return destroy_unused();
    }
    case ObjectKind::kCommandBuffer:
      give_up(command_buffers_, [](const CommandBuffer& buffer) {
        if (buffer.handle != nullptr) wgpuCommandBufferRelease(buffer.handle);
      });
      return destroy_unused();
    case ObjectKind::kPass:
      if (const auto pass = passes_.find(id); pass != passes_.end() && pass->second.is_bundle) passes_.erase(pass);
      return;
    case ObjectKind::kCanvas: return on(UnconfigureCanvas{.canvas = id});
    case ObjectKind::kDevice: return;
  }
}

}  // namespace shoal::gpu
