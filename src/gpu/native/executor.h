// Carries a command stream out over webgpu.h and gathers the events that come back.
//
// wgpu-native ends the process where other implementations report an error: at a submission of invalid work,
// say. So nothing invalid is handed to it. A resource that could not be created is remembered as unusable; an
// encoder that names one is poisoned; and the submission of a poisoned encoder is dropped and reported.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <wgpu.h>

#include "base/result.h"
#include "gpu/commands.gen.h"
#include "gpu/native/open_device.h"

namespace shoal::gpu {

class NativeExecutor {
 public:
  explicit NativeExecutor(NativeDevice& device);
  ~NativeExecutor();
  NativeExecutor(const NativeExecutor&) = delete;
  NativeExecutor& operator=(const NativeExecutor&) = delete;

  // Streams may name `bytes`, which stay as they are meanwhile, as `blob`; a number above 0 is given once. Blob 0
  // is the memory of this process, by address: a stream from elsewhere must not name it.
  void lend(u32 blob, std::span<const std::byte> bytes) { blobs_[blob] = bytes; }

  // Streams may name a buffer of somebody else's by this id from now on; it is referred to, and never destroyed.
  // Its size in bytes.
  u64 adopt(u32 id, WGPUBuffer buffer);

  // Errors: kCorrupt for a stream that is not one.
  Result<void> execute(std::span<const u32> words);

  // Events since the last call, encoded as the schema says. `wait`: blocks until there is one, when any work,
  // mapping or compilation is under way that could produce it.
  std::vector<u32> poll(bool wait);

  // One method a command; decode_commands calls them.
  void on(const CreateBuffer&);
  void on(const DestroyBuffer&);
  void on(const CreateShaderModule&);
  void on(const CreateBindGroupLayout&);
  void on(const CreatePipelineLayout&);
  void on(const CreateComputePipelineAsync&);
  void on(const CreateBindGroup&);
  void on(const CreateQuerySet&);
  void on(const ReleaseBindGroup&);
  void on(const ReleaseShaderModule&);
  void on(const ReleaseComputePipeline&);
  void on(const WriteBuffer&);
  void on(const WriteBufferFromBlob&);
  void on(const Submit&);
  void on(const OnSubmittedWorkDone&);
  void on(const MapAsync&);
  void on(const Unmap&);
  void on(const CreateCommandEncoder&);
  void on(const CopyBufferToBuffer&);
  void on(const ClearBuffer&);
  void on(const ResolveQuerySet&);
  void on(const CopyBufferToCanvas&);
  void on(const BeginComputePass&);
  void on(const SetPipeline&);
  void on(const SetBindGroup&);
  void on(const DispatchWorkgroups&);
  void on(const DispatchWorkgroupsIndirect&);
  void on(const EndPass&);
  void on(const Finish&);
  // executor_textures.cpp
  void on(const CreateTexture&);
  void on(const CreateTextureView&);
  void on(const CreateSampler&);
  void on(const WriteTexture&);
  void on(const WriteTextureFromBlob&);
  void on(const CopyBufferToTexture&);
  void on(const CopyTextureToBuffer&);
  void on(const CopyTextureToTexture&);
  void on(const ConfigureCanvas&);
  void on(const UnconfigureCanvas&);
  void on(const GetCurrentTexture&);
  // executor_pipelines.cpp
  void on(const CreateComputePipeline&);
  void on(const CreateRenderPipeline&);
  void on(const CreateRenderPipelineAsync&);
  void on(const GetBindGroupLayout&);
  // executor_render.cpp
  void on(const BeginRenderPass&);
  void on(const CreateRenderBundleEncoder&);
  void on(const SetRenderPipeline&);
  void on(const SetVertexBuffer&);
  void on(const SetIndexBuffer&);
  void on(const Draw&);
  void on(const DrawIndexed&);
  void on(const DrawIndirect&);
  void on(const DrawIndexedIndirect&);
  void on(const MultiDrawIndirect&);
  void on(const MultiDrawIndexedIndirect&);
  void on(const SetViewport&);
  void on(const SetScissorRect&);
  void on(const SetBlendConstant&);
  void on(const SetStencilReference&);
  void on(const BeginOcclusionQuery&);
  void on(const EndOcclusionQuery&);
  void on(const ExecuteBundles&);
  void on(const FinishBundle&);
  void on(const PushDebugGroup&);
  void on(const PopDebugGroup&);
  void on(const InsertDebugMarker&);
  void on(const WriteTimestamp&);
  // executor_lifetime.cpp
  void on(const MapAsyncWrite&);
  void on(const WriteMapped&);
  void on(const WriteMappedFromBlob&);
  void on(const DestroyTexture&);
  void on(const DestroyQuerySet&);
  void on(const Release&);
  void on(const Unsupported&);
  // What a program does beside its GPU: nothing is left to do.
  void on(const DestroyDevice&) {}
  void on(const SetLabel&) {}
  void on(const PushErrorScope&) {}
  void on(const PopErrorScope&) {}
  void on(const Poll&) {}
  void on(const Present&) {}
  void on(const FrameMark&) {}
  void on(const Call&) {}

 private:
  struct Buffer {
    WGPUBuffer handle = nullptr;
    u64 size_bytes = 0;
    BufferUsage usage = {};
    bool is_mapped = false;    // or being mapped: not usable by a submission
    bool is_writable = false;  // mapped for writing, or since its creation
    bool can_be_mapped = false;
    bool is_adopted = false;
    u64 mapped_from = 0, mapped_to = 0;  // the range that is
  };
  struct BindGroup {
    WGPUBindGroup handle = nullptr;
    std::vector<u32> resources;  // buffers and textures: once one is destroyed, the group must not be submitted
    std::vector<u32> mappable;   // those buffers of it that a submission must not find mapped
  };
  struct Texture {
    WGPUTexture handle = nullptr;
    bool is_canvas = false;  // serves every frame of its canvas
  };
  struct TextureView {
    WGPUTextureView handle = nullptr;
    u32 texture = 0;
  };
  struct Canvas {
    WGPUTexture handle = nullptr;
  };
  struct MapRequest {
    NativeExecutor* executor = nullptr;
    u32 ticket = 0, buffer = 0;
    WGPUBuffer handle = nullptr;
    size_t offset_bytes = 0, size_bytes = 0;
    bool is_writing = false;
  };
  struct Encoder {
    WGPUCommandEncoder handle = nullptr;
    std::string label;
    std::string poison;        // why it must not be submitted; empty when it may be
    std::vector<u32> targets;  // buffers that must not be mapped or destroyed when it is submitted
  };
  // A compute pass, a render pass, or a bundle encoder; one without any of the three belongs to a poisoned encoder.
  struct Pass {
    WGPUComputePassEncoder handle = nullptr;
    u32 encoder = 0;  // 0: of a bundle
    WGPURenderPassEncoder render = nullptr;
    bool is_bundle = false;
    std::vector<u32> words{};  // what was said to a bundle encoder
    std::string poison{};      // of a bundle
  };
  struct CommandBuffer {
    WGPUCommandBuffer handle = nullptr;
    std::string label;
    std::vector<u32> targets;
  };
  struct CompileJob {
    u32 pipeline = 0;
    std::string label, entry_point;
    std::vector<std::pair<std::string, double>> constants;
    WGPUPipelineLayout layout = nullptr;
    WGPUShaderModule module = nullptr;
  };
  struct Compiled {
    u32 pipeline = 0;
    WGPUComputePipeline handle = nullptr;
    std::string message;
  };

  // Payloads are kept below kMostPayloadBytes; a message that long says nothing anyway.
  template <class Event>
  void answer(const Event& event) {
    WireWriter(events_).write(event);
  }
  void report(ErrorKind kind, std::string_view label, std::string_view message);
  void drop(std::string_view label, std::string_view message);
  void poison(u32 encoder, std::string message);
  bool is_poisoned(u32 encoder) const;
  void destroy_unused();
  void destroy_unused_textures();
  void forget_groups_of(u32 resource, std::string_view kind);
  void on_mapped(const MapRequest& request, bool succeeded, std::string_view message);
  void write(u32 buffer, u64 offset_bytes, const void* data, u64 size_bytes);
  void finish_compilations();
  void compile_loop();
  WGPUBuffer usable_buffer(u32 id, u32 encoder, std::string_view use);
  Pass* usable_pass(u32 id);
  Pass* compute_pass(u32 id);

  template <class Command>
  void carry_out(const Command& command);
  template <class Command>
  void refuse(const Command& command, std::string_view field);
  template <class Command>
  WGPURenderPassEncoder render_pass(const Command& command);
  // Whether the pass is a bundle encoder, which keeps what it is told.
  template <class Command>
  static bool say_to_bundle(Pass& pass, const Command& command) {
    if (pass.is_bundle) WireWriter(pass.words).write(command);
    return pass.is_bundle;
  }
  void name(u32 encoder, u32 buffer);
  static void end(const Pass& pass);
  // Indirect arguments that the encoder reads; null, and the encoder poisoned, where they do not lie in the buffer.
  WGPUBuffer indirect_buffer(u32 id, u64 offset_bytes, u64 size_bytes, u32 encoder, std::string_view use);
  std::string reason(u32 id) const;
  void add_broken(u32 id, std::string_view label, std::string message);
  std::span<const std::byte> blob_range(u32 blob, u64 offset_bytes, u64 size_bytes, std::string_view use);
  bool copy_place(const TexturePlace& place, u32 encoder, WGPUTexelCopyTextureInfo& out);
  void write_texture(const TexturePlace& target, const TexelLayout& layout, const Extent& size,
                     std::span<const std::byte> data);
  void write_mapped(u32 buffer, u64 offset_bytes, std::span<const std::byte> data);
  void map(u32 buffer, u64 offset_bytes, u64 size_bytes, u32 ticket, WGPUMapMode mode);
  std::string make_render_pipeline(u32 id, std::string_view label, const RenderState& state);

  NativeDevice& device_;
  WGPUQueue queue_ = nullptr;
  std::vector<u32> events_;
  std::unordered_map<u32, std::span<const std::byte>> blobs_;
  std::unordered_map<u32, Buffer> buffers_;
  std::unordered_map<u32, WGPUShaderModule> modules_;
  std::unordered_map<u32, std::string> broken_;  // id of a resource that could not be created: why
  std::unordered_map<u32, WGPUBindGroupLayout> bind_group_layouts_;
  std::unordered_map<u32, WGPUPipelineLayout> pipeline_layouts_;
  std::unordered_map<u32, WGPUComputePipeline> pipelines_;
  std::unordered_map<u32, BindGroup> bind_groups_;
  std::unordered_map<u32, WGPUQuerySet> query_sets_;
  std::unordered_map<u32, Encoder> encoders_;
  std::unordered_map<u32, Pass> passes_;
  std::unordered_map<u32, CommandBuffer> command_buffers_;
  std::unordered_map<u32, Texture> textures_;
  std::unordered_map<u32, TextureView> views_;
  std::unordered_map<u32, WGPUSampler> samplers_;
  std::unordered_map<u32, WGPURenderPipeline> render_pipelines_;
  std::unordered_map<u32, std::vector<u32>> bundles_;  // their words
  std::unordered_map<u32, Canvas> canvases_;
  // Until no encoder that could name them is open.
  std::vector<u32> buffers_to_destroy_, buffers_to_release_, textures_to_destroy_;
  bool dropped_ = false;  // a submission of the stream in hand was dropped
  bool reported_loss_ = false;
  u32 outstanding_ = 0;  // maps and work-done callbacks not yet answered

  // wgpu-native compiles in the call, so a thread calls.
  std::mutex mutex_;
  std::condition_variable wake_, compiled_signal_;
  std::vector<CompileJob> jobs_;
  std::vector<Compiled> compiled_;
  u32 compiling_ = 0;
  bool stop_ = false;
  std::vector<std::thread> compilers_;
};

}  // namespace shoal::gpu
