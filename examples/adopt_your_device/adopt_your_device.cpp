// A program that has its own device, buffers and kernels, and borrows one primitive.
//
// Everything but the part between the two lines is plain webgpu.h. The program fills a buffer with a kernel of its
// own, shoal keeps every third element of it, and the program reads the result with a copy of its own. All of it
// runs on one queue, one after the other.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <wgpu.h>

#include <shoal/gpu/native/native_gpu.h>
#include <shoal/primitives/compact/compact.h>

namespace {

WGPUStringView text(const char* characters) { return {characters, std::strlen(characters)}; }

struct Gpu {
  WGPUInstance instance = nullptr;
  WGPUAdapter adapter = nullptr;
  WGPUDevice device = nullptr;
  WGPUQueue queue = nullptr;
};

// Software adapters count too, so that the example runs anywhere with Mesa.
Gpu open_gpu() {
  Gpu gpu;
  WGPUInstanceExtras extras = {};
  extras.chain.sType = static_cast<WGPUSType>(WGPUSType_InstanceExtras);
  extras.backends = WGPUInstanceBackend_Vulkan;
  WGPUInstanceDescriptor descriptor = WGPU_INSTANCE_DESCRIPTOR_INIT;
  descriptor.nextInChain = &extras.chain;
  gpu.instance = wgpuCreateInstance(&descriptor);
  std::vector<WGPUAdapter> adapters(wgpuInstanceEnumerateAdapters(gpu.instance, nullptr, nullptr));
  wgpuInstanceEnumerateAdapters(gpu.instance, nullptr, adapters.data());
  if (adapters.empty()) return gpu;
  gpu.adapter = adapters.front();
  for (size_t i = 1; i < adapters.size(); ++i) wgpuAdapterRelease(adapters[i]);
  wgpuAdapterRequestDevice(gpu.adapter, nullptr,
                           {nullptr, WGPUCallbackMode_AllowProcessEvents,
                            [](WGPURequestDeviceStatus, WGPUDevice device, WGPUStringView, void* to, void*) {
                              *static_cast<WGPUDevice*>(to) = device;
                            },
                            &gpu.device, nullptr});
  wgpuInstanceProcessEvents(gpu.instance);
  if (gpu.device != nullptr) gpu.queue = wgpuDeviceGetQueue(gpu.device);
  return gpu;
}

WGPUBuffer make_buffer(const Gpu& gpu, uint64_t size, WGPUBufferUsage usage) {
  WGPUBufferDescriptor descriptor = WGPU_BUFFER_DESCRIPTOR_INIT;
  descriptor.size = size;
  descriptor.usage = usage;
  return wgpuDeviceCreateBuffer(gpu.device, &descriptor);
}

// The program's own kernel: squares[i] = i * i.
void fill_with_squares(const Gpu& gpu, WGPUBuffer squares, uint32_t count) {
  WGPUShaderSourceWGSL source = WGPU_SHADER_SOURCE_WGSL_INIT;
  source.code = text(R"(
    @group(0) @binding(0) var<storage, read_write> squares: array<u32>;
    @compute @workgroup_size(256) fn main(@builtin(global_invocation_id) at: vec3u) {
      if (at.x < arrayLength(&squares)) { squares[at.x] = at.x * at.x; }
    })");
  WGPUShaderModuleDescriptor module_descriptor = WGPU_SHADER_MODULE_DESCRIPTOR_INIT;
  module_descriptor.nextInChain = &source.chain;
  WGPUShaderModule module = wgpuDeviceCreateShaderModule(gpu.device, &module_descriptor);
  WGPUComputePipelineDescriptor pipeline_descriptor = WGPU_COMPUTE_PIPELINE_DESCRIPTOR_INIT;
  pipeline_descriptor.compute.module = module;
  pipeline_descriptor.compute.entryPoint = text("main");
  WGPUComputePipeline pipeline = wgpuDeviceCreateComputePipeline(gpu.device, &pipeline_descriptor);
  WGPUBindGroupLayout layout = wgpuComputePipelineGetBindGroupLayout(pipeline, 0);
  WGPUBindGroupEntry entry = WGPU_BIND_GROUP_ENTRY_INIT;
  entry.buffer = squares;
  entry.size = wgpuBufferGetSize(squares);
  WGPUBindGroupDescriptor group_descriptor = WGPU_BIND_GROUP_DESCRIPTOR_INIT;
  group_descriptor.layout = layout;
  group_descriptor.entryCount = 1;
  group_descriptor.entries = &entry;
  WGPUBindGroup group = wgpuDeviceCreateBindGroup(gpu.device, &group_descriptor);

  WGPUCommandEncoder encoder = wgpuDeviceCreateCommandEncoder(gpu.device, nullptr);
  WGPUComputePassEncoder pass = wgpuCommandEncoderBeginComputePass(encoder, nullptr);
  wgpuComputePassEncoderSetPipeline(pass, pipeline);
  wgpuComputePassEncoderSetBindGroup(pass, 0, group, 0, nullptr);
  wgpuComputePassEncoderDispatchWorkgroups(pass, (count + 255) / 256, 1, 1);
  wgpuComputePassEncoderEnd(pass);
  WGPUCommandBuffer commands = wgpuCommandEncoderFinish(encoder, nullptr);
  wgpuQueueSubmit(gpu.queue, 1, &commands);

  wgpuCommandBufferRelease(commands);
  wgpuComputePassEncoderRelease(pass);
  wgpuCommandEncoderRelease(encoder);
  wgpuBindGroupRelease(group);
  wgpuBindGroupLayoutRelease(layout);
  wgpuComputePipelineRelease(pipeline);
  wgpuShaderModuleRelease(module);
}

// The program's own copy back, of the first `words` of a buffer.
std::vector<uint32_t> read_words(const Gpu& gpu, WGPUBuffer source, uint32_t words) {
  WGPUBuffer staging = make_buffer(gpu, words * 4, WGPUBufferUsage_MapRead | WGPUBufferUsage_CopyDst);
  WGPUCommandEncoder encoder = wgpuDeviceCreateCommandEncoder(gpu.device, nullptr);
  wgpuCommandEncoderCopyBufferToBuffer(encoder, source, 0, staging, 0, words * 4);
  WGPUCommandBuffer commands = wgpuCommandEncoderFinish(encoder, nullptr);
  wgpuQueueSubmit(gpu.queue, 1, &commands);
  wgpuBufferMapAsync(staging, WGPUMapMode_Read, 0, words * 4,
                     {nullptr, WGPUCallbackMode_AllowProcessEvents,
                      [](WGPUMapAsyncStatus, WGPUStringView, void*, void*) {}, nullptr, nullptr});
  wgpuDevicePoll(gpu.device, 1, nullptr);
  const auto* mapped = static_cast<const uint32_t*>(wgpuBufferGetConstMappedRange(staging, 0, words * 4));
  std::vector<uint32_t> read(mapped, mapped + words);
  wgpuCommandBufferRelease(commands);
  wgpuCommandEncoderRelease(encoder);
  wgpuBufferRelease(staging);
  return read;
}

// ---- What is shoal's.
shoal::Result<void> keep_every_third(const Gpu& mine, WGPUBuffer squares, WGPUBuffer kept, WGPUBuffer kept_count,
                                     uint32_t count) {
  using namespace shoal;
  // Kept as long as the program runs, where there are frames; its kernels are compiled once.
  SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::adopt({mine.instance, mine.adapter, mine.device}, {}));
  SHOAL_TRY_SET(const gpu::View values, gpu->adopt(squares));
  SHOAL_TRY_SET(const gpu::View result, gpu->adopt(kept));
  SHOAL_TRY_SET(const gpu::View result_count, gpu->adopt(kept_count));
  const primitives::CompactOptions options{
      .keep = {.by = primitives::Selection::By::kProgram,
               .text = "fn keep(row: u32) -> bool { return row % 3u == 0u; }"}};
  SHOAL_TRY(gpu->wait_until([&] { return primitives::prepare_compact(gpu->device(), options); }));
  gpu::Frame frame(gpu->device(), "every third");
  SHOAL_TRY(primitives::compact(
      frame, {.options = options, .count = count, .values = values, .result = result, .kept_count = result_count}));
  frame.submit();
  return gpu->pump(false);  // carried out: behind what the program submitted before, before what it submits next
}
// ----

}  // namespace

int main(int argc, char** argv) {
  setenv("XDG_RUNTIME_DIR", "/tmp", 0);  // Mesa complains without it
  const uint32_t count = argc > 1 ? static_cast<uint32_t>(std::atoi(argv[1])) : 1'000'000;
  const uint64_t size = (uint64_t{count} * 4 + 15) / 16 * 16;
  const Gpu gpu = open_gpu();
  if (gpu.device == nullptr) {
    std::fprintf(stderr, "No Vulkan adapter was found. Install your GPU's driver, or mesa-vulkan-drivers.\n");
    return 1;
  }
  const WGPUBufferUsage usage = WGPUBufferUsage_Storage | WGPUBufferUsage_CopySrc;
  WGPUBuffer squares = make_buffer(gpu, size, usage), kept = make_buffer(gpu, size, usage);
  WGPUBuffer kept_count = make_buffer(gpu, 16, usage);

  fill_with_squares(gpu, squares, count);
  const auto done = keep_every_third(gpu, squares, kept, kept_count, count);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message().c_str());

  bool is_right = static_cast<bool>(done);
  const uint32_t found = read_words(gpu, kept_count, 1)[0];
  const std::vector<uint32_t> words = read_words(gpu, kept, found);
  is_right = is_right && found == (count + 2) / 3;
  for (uint32_t i = 0; i < found; ++i) is_right = is_right && words[i] == 9u * i * i;
  std::printf("%s: kept %u of %u squares\n", is_right ? "right" : "wrong", found, count);

  // Whoever made a thing gives it back.
  for (WGPUBuffer buffer : {squares, kept, kept_count}) {
    wgpuBufferDestroy(buffer);
    wgpuBufferRelease(buffer);
  }
  wgpuQueueRelease(gpu.queue);
  wgpuDeviceRelease(gpu.device);
  wgpuAdapterRelease(gpu.adapter);
  wgpuInstanceRelease(gpu.instance);
  return is_right ? 0 : 1;
}
