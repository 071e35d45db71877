// A program for the tests of the recorder, which links wgpu-native and knows nothing of shoal.
//
//   subject frames N CALLS   draws N frames of CALLS draws each and prints a picture's hash and the milliseconds of
//   a frame subject crash            dies in its second frame, within wgpu-native subject abort            dies by
//   itself, with work encoded and not submitted subject fork             draws, and so does a child that it forks
#include <sys/wait.h>
#include <unistd.h>
#include <wgpu.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr uint32_t kSide = 64;
constexpr const char* kShader = R"(
@group(0) @binding(0) var<uniform> place: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at * place.z + place.xy, 0, 1); }
@fragment fn fs() -> @location(0) vec4f { return place.wwww; }
)";

WGPUStringView text(const char* string) { return {string, std::strlen(string)}; }

struct Program {
  WGPUInstance instance = nullptr;
  WGPUAdapter adapter = nullptr;
  WGPUDevice device = nullptr;
  WGPUQueue queue = nullptr;
  WGPURenderPipeline pipeline = nullptr;
  WGPUBuffer vertices = nullptr, places = nullptr, out = nullptr;
  WGPUBindGroup group = nullptr;
  WGPUTexture picture = nullptr;
  WGPUTextureView view = nullptr;

  void open() {
    wgpuSetLogLevel(WGPULogLevel_Off);
    instance = wgpuCreateInstance(nullptr);
    WGPUInstanceEnumerateAdapterOptions options = {};
    options.backends = WGPUInstanceBackend_Vulkan;
    std::vector<WGPUAdapter> adapters(wgpuInstanceEnumerateAdapters(instance, &options, nullptr));
    wgpuInstanceEnumerateAdapters(instance, &options, adapters.data());
    adapter = adapters.front();
    wgpuAdapterRequestDevice(adapter, nullptr,
                             {nullptr, WGPUCallbackMode_AllowProcessEvents,
                              [](WGPURequestDeviceStatus, WGPUDevice made, WGPUStringView, void* to, void*) {
                                static_cast<Program*>(to)->device = made;
                              },
                              this, nullptr});
    wgpuInstanceProcessEvents(instance);
    queue = wgpuDeviceGetQueue(device);
  }

  WGPUBuffer make_buffer(const char* label, uint64_t size, WGPUBufferUsage usage, bool is_mapped) {
    WGPUBufferDescriptor descriptor = WGPU_BUFFER_DESCRIPTOR_INIT;
    descriptor.label = text(label);
    descriptor.size = size;
    descriptor.usage = usage;
    descriptor.mappedAtCreation = is_mapped;
    return wgpuDeviceCreateBuffer(device, &descriptor);
  }

  void make_resources() {
    const float corners[] = {-1, -1, 1, -1, 0, 1};
    vertices = make_buffer("corners", sizeof corners, WGPUBufferUsage_Vertex, true);
    std::memcpy(wgpuBufferGetMappedRange(vertices, 0, sizeof corners), corners, sizeof corners);
    wgpuBufferUnmap(vertices);
    places = make_buffer("places", 256 * 64, WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst, false);
    out = make_buffer("out", 256 * kSide, WGPUBufferUsage_MapRead | WGPUBufferUsage_CopyDst, false);
    WGPUShaderSourceWGSL source = WGPU_SHADER_SOURCE_WGSL_INIT;
    source.code = text(kShader);
    WGPUShaderModuleDescriptor module_descriptor = WGPU_SHADER_MODULE_DESCRIPTOR_INIT;
    module_descriptor.nextInChain = &source.chain;
    WGPUShaderModule module = wgpuDeviceCreateShaderModule(device, &module_descriptor);

    WGPUBindGroupLayoutEntry binding = WGPU_BIND_GROUP_LAYOUT_ENTRY_INIT;
    binding.visibility = WGPUShaderStage_Vertex | WGPUShaderStage_Fragment;
    binding.buffer.type = WGPUBufferBindingType_Uniform;
    binding.buffer.hasDynamicOffset = true;
    binding.buffer.minBindingSize = 16;
    WGPUBindGroupLayoutDescriptor layout_descriptor = WGPU_BIND_GROUP_LAYOUT_DESCRIPTOR_INIT;
    layout_descriptor.entryCount = 1;
    layout_descriptor.entries = &binding;
    WGPUBindGroupLayout layout = wgpuDeviceCreateBindGroupLayout(device, &layout_descriptor);
    WGPUPipelineLayoutDescriptor pipeline_layout_descriptor = WGPU_PIPELINE_LAYOUT_DESCRIPTOR_INIT;
    pipeline_layout_descriptor.bindGroupLayoutCount = 1;
    pipeline_layout_descriptor.bindGroupLayouts = &layout;
    WGPUPipelineLayout pipeline_layout = wgpuDeviceCreatePipelineLayout(device, &pipeline_layout_descriptor);

    const WGPUVertexAttribute attribute = {nullptr, WGPUVertexFormat_Float32x2, 0, 0};
    const WGPUVertexBufferLayout buffer_layout = {nullptr, WGPUVertexStepMode_Vertex, 8, 1, &attribute};
    WGPUColorTargetState target = WGPU_COLOR_TARGET_STATE_INIT;
    target.format = WGPUTextureFormat_RGBA8Unorm;
    WGPUFragmentState fragment = WGPU_FRAGMENT_STATE_INIT;
    fragment.module = module;
    fragment.entryPoint = text("fs");
    fragment.targetCount = 1;
    fragment.targets = &target;
    WGPURenderPipelineDescriptor descriptor = WGPU_RENDER_PIPELINE_DESCRIPTOR_INIT;
    descriptor.label = text("triangle");
    descriptor.layout = pipeline_layout;
    descriptor.vertex.module = module;
    descriptor.vertex.entryPoint = text("vs");
    descriptor.vertex.bufferCount = 1;
    descriptor.vertex.buffers = &buffer_layout;
    descriptor.primitive.topology = WGPUPrimitiveTopology_TriangleList;
    descriptor.fragment = &fragment;
    pipeline = wgpuDeviceCreateRenderPipeline(device, &descriptor);
    wgpuShaderModuleRelease(module);

    WGPUBindGroupEntry entry = WGPU_BIND_GROUP_ENTRY_INIT;
    entry.buffer = places;
    entry.size = 16;
    WGPUBindGroupDescriptor group_descriptor = WGPU_BIND_GROUP_DESCRIPTOR_INIT;
    group_descriptor.layout = layout;
    group_descriptor.entryCount = 1;
    group_descriptor.entries = &entry;
    group = wgpuDeviceCreateBindGroup(device, &group_descriptor);

    WGPUTextureDescriptor texture = WGPU_TEXTURE_DESCRIPTOR_INIT;
    texture.label = text("picture");
    texture.size = {kSide, kSide, 1};
    texture.format = WGPUTextureFormat_RGBA8Unorm;
    texture.usage = WGPUTextureUsage_RenderAttachment | WGPUTextureUsage_CopySrc;
    picture = wgpuDeviceCreateTexture(device, &texture);
    view = wgpuTextureCreateView(picture, nullptr);
  }

  // Two calls a draw besides those of the frame.
  WGPUCommandBuffer encode(uint32_t draws) {
    WGPUCommandEncoderDescriptor encoder_descriptor = WGPU_COMMAND_ENCODER_DESCRIPTOR_INIT;
    encoder_descriptor.label = text("frame");
    WGPUCommandEncoder encoder = wgpuDeviceCreateCommandEncoder(device, &encoder_descriptor);
    WGPURenderPassColorAttachment attachment = WGPU_RENDER_PASS_COLOR_ATTACHMENT_INIT;
    attachment.view = view;
    attachment.loadOp = WGPULoadOp_Clear;
    attachment.storeOp = WGPUStoreOp_Store;
    WGPURenderPassDescriptor descriptor = WGPU_RENDER_PASS_DESCRIPTOR_INIT;
    descriptor.label = text("triangles");
    descriptor.colorAttachmentCount = 1;
    descriptor.colorAttachments = &attachment;
    WGPURenderPassEncoder pass = wgpuCommandEncoderBeginRenderPass(encoder, &descriptor);
    wgpuRenderPassEncoderSetPipeline(pass, pipeline);
    wgpuRenderPassEncoderSetVertexBuffer(pass, 0, vertices, 0, WGPU_WHOLE_SIZE);
    for (uint32_t i = 0; i < draws; ++i) {
      const uint32_t offset = 256 * (i % 64);
      wgpuRenderPassEncoderSetBindGroup(pass, 0, group, 1, &offset);
      wgpuRenderPassEncoderDraw(pass, 3, 1, 0, 0);
    }
    wgpuRenderPassEncoderEnd(pass);
    wgpuRenderPassEncoderRelease(pass);
    WGPUTexelCopyTextureInfo source = WGPU_TEXEL_COPY_TEXTURE_INFO_INIT;
    source.texture = picture;
    WGPUTexelCopyBufferInfo target = WGPU_TEXEL_COPY_BUFFER_INFO_INIT;
    target.buffer = out;
    target.layout.bytesPerRow = 256;
    target.layout.rowsPerImage = kSide;
    const WGPUExtent3D size = {kSide, kSide, 1};
    wgpuCommandEncoderCopyTextureToBuffer(encoder, &source, &target, &size);
    WGPUCommandBuffer commands = wgpuCommandEncoderFinish(encoder, nullptr);
    wgpuCommandEncoderRelease(encoder);
    return commands;
  }

  void write_places(uint32_t frame) {
    std::vector<float> data(64 * 64);
    for (uint32_t i = 0; i < 64; ++i) {
      const float at = static_cast<float>(i) / 32 - 1;
      const float place[] = {at, static_cast<float>((i * 7 + frame) % 64) / 32 - 1, 0.1f,
                             0.25f + 0.01f * static_cast<float>(i)};
      std::memcpy(&data[64 * i], place, sizeof place);
    }
    wgpuQueueWriteBuffer(queue, places, 0, data.data(), data.size() * sizeof(float));
  }

  uint64_t read_picture() {
    uint64_t hash = 14695981039346656037u;
    bool is_done = false;
    wgpuBufferMapAsync(out, WGPUMapMode_Read, 0, 256 * kSide,
                       {nullptr, WGPUCallbackMode_AllowProcessEvents,
                        [](WGPUMapAsyncStatus, WGPUStringView, void* to, void*) { *static_cast<bool*>(to) = true; },
                        &is_done, nullptr});
    while (!is_done) wgpuDevicePoll(device, 1, nullptr);
    const auto* bytes = static_cast<const unsigned char*>(wgpuBufferGetConstMappedRange(out, 0, 256 * kSide));
    for (uint32_t i = 0; i < 256 * kSide; ++i) hash = (hash ^ bytes[i]) * 1099511628211u;
    wgpuBufferUnmap(out);
    return hash;
  }

  void submit(WGPUCommandBuffer commands) {
    wgpuQueueSubmit(queue, 1, &commands);
    wgpuCommandBufferRelease(commands);
  }
};

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count > 1 ? arguments[1] : "frames";
  const int frames = count > 2 ? std::atoi(arguments[2]) : 3;
  const auto calls = static_cast<uint32_t>(count > 3 ? std::atoi(arguments[3]) : 20);
  Program program;
  program.open();
  program.make_resources();
  std::vector<double> encode_ms, frame_ms;
  uint64_t hash = 0;
  for (int frame = 0; frame < frames; ++frame) {
    const auto start = std::chrono::steady_clock::now();
    program.write_places(static_cast<uint32_t>(frame));
    WGPUCommandBuffer commands = program.encode(calls / 2);
    encode_ms.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    if (frame == 1 && mode == "abort") std::abort();
    if (frame == 1 && mode == "crash") {
      // Submitted while a buffer of it is mapped: wgpu-native ends the process.
      wgpuBufferMapAsync(program.out, WGPUMapMode_Read, 0, 256, WGPU_BUFFER_MAP_CALLBACK_INFO_INIT);
    }
    program.submit(commands);
    hash = program.read_picture();
    frame_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
  if (mode == "fork") {
    std::fflush(stdout);
    if (const pid_t child = fork(); child == 0) {
      wgpuQueueWriteBuffer(program.queue, program.places, 0, "abcd", 4);
      _exit(0);
    } else {
      int status = 0;
      waitpid(child, &status, 0);
    }
  }
  std::ranges::sort(encode_ms);
  std::ranges::sort(frame_ms);
  if (mode == "frames") {
    std::fprintf(stderr, "encode_ms %.4f frame_ms %.4f\n", encode_ms[encode_ms.size() / 2],
                 frame_ms[frame_ms.size() / 2]);
  }
  return 0;
}
