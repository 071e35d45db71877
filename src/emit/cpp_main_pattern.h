// The example of emitted C++; @NAME@ is filled in by cpp_writer.cpp.
#pragma once

#include <string_view>

namespace shoal::emit {

inline constexpr std::string_view kCppMain = R"pattern(
// ---- An example. Usage: @NAME@ [COUNT]... [FOLDER]
// Numbers are counts, in the order in which record() takes them. With a FOLDER inputs are read from FOLDER/NAME.bin and
// what the pipeline wrote goes to files of that kind; else inputs are made up and the first results printed.
namespace example {

struct Gpu {
  WGPUInstance instance = nullptr;
  WGPUAdapter adapter = nullptr;
  WGPUDevice device = nullptr;
  WGPUQueue queue = nullptr;
};

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::string text_of(WGPUStringView view) {
  if (view.data == nullptr) return {};
  return view.length == WGPU_STRLEN ? std::string(view.data) : std::string(view.data, view.length);
}

Gpu open_gpu() {
  Gpu gpu;
  gpu.instance = wgpuCreateInstance(nullptr);
  WGPURequestAdapterOptions options = {};
  options.featureLevel = WGPUFeatureLevel_Core;
  options.powerPreference = WGPUPowerPreference_HighPerformance;
  WGPURequestAdapterCallbackInfo on_adapter = {};
  on_adapter.mode = WGPUCallbackMode_AllowProcessEvents;
  on_adapter.callback = [](WGPURequestAdapterStatus, WGPUAdapter adapter, WGPUStringView message, void* to, void*) {
    if (adapter == nullptr) stop("There is no WebGPU adapter: " + text_of(message));
    *static_cast<WGPUAdapter*>(to) = adapter;
  };
  on_adapter.userdata1 = &gpu.adapter;
  wgpuInstanceRequestAdapter(gpu.instance, &options, on_adapter);
  while (gpu.adapter == nullptr) wgpuInstanceProcessEvents(gpu.instance);

  WGPULimits limits = WGPU_LIMITS_INIT;
  wgpuAdapterGetLimits(gpu.adapter, &limits);
  WGPUDeviceDescriptor descriptor = {};
  descriptor.requiredLimits = &limits;
@FEATURES@  descriptor.uncapturedErrorCallbackInfo.callback = [](WGPUDevice const*, WGPUErrorType, WGPUStringView message, void*,
                                                      void*) { stop("WebGPU: " + text_of(message)); };
  WGPURequestDeviceCallbackInfo on_device = {};
  on_device.mode = WGPUCallbackMode_AllowProcessEvents;
  on_device.callback = [](WGPURequestDeviceStatus, WGPUDevice device, WGPUStringView message, void* to, void*) {
    if (device == nullptr) stop("The adapter gives no device: " + text_of(message));
    *static_cast<WGPUDevice*>(to) = device;
  };
  on_device.userdata1 = &gpu.device;
  wgpuAdapterRequestDevice(gpu.adapter, &descriptor, on_device);
  while (gpu.device == nullptr) wgpuInstanceProcessEvents(gpu.instance);
  gpu.queue = wgpuDeviceGetQueue(gpu.device);
  return gpu;
}

WGPUBuffer make_array(const Gpu& gpu, const char* label, uint64_t size_bytes) {
  return @NAME@::detail::make_buffer(gpu.device, label, size_bytes,
                              WGPUBufferUsage_Storage | WGPUBufferUsage_CopyDst | WGPUBufferUsage_CopySrc);
}

void upload(const Gpu& gpu, WGPUBuffer buffer, const std::string& name, const std::string& folder, uint64_t size_bytes,
            const std::function<uint32_t(uint32_t)>& word) {
  std::vector<uint32_t> words(size_bytes / 4);
  for (uint32_t i = 0; i < words.size(); ++i) words[i] = word(i);
  if (!folder.empty()) {
    std::ifstream file(folder + "/" + name + ".bin", std::ios::binary);
    if (!file) stop(folder + "/" + name + ".bin cannot be read.");
    file.read(reinterpret_cast<char*>(words.data()), static_cast<std::streamsize>(size_bytes));
  }
  wgpuQueueWriteBuffer(gpu.queue, buffer, 0, words.data(), size_bytes);
}

std::vector<uint32_t> download(const Gpu& gpu, WGPUBuffer buffer, uint64_t size_bytes) {
  WGPUBuffer copy = @NAME@::detail::make_buffer(gpu.device, "copy", size_bytes,
                                         WGPUBufferUsage_MapRead | WGPUBufferUsage_CopyDst);
  WGPUCommandEncoder encoder = wgpuDeviceCreateCommandEncoder(gpu.device, nullptr);
  wgpuCommandEncoderCopyBufferToBuffer(encoder, buffer, 0, copy, 0, size_bytes);
  WGPUCommandBuffer commands = wgpuCommandEncoderFinish(encoder, nullptr);
  wgpuQueueSubmit(gpu.queue, 1, &commands);
  wgpuCommandBufferRelease(commands);
  wgpuCommandEncoderRelease(encoder);
  bool is_mapped = false;
  WGPUBufferMapCallbackInfo on_mapped = {};
  on_mapped.mode = WGPUCallbackMode_AllowProcessEvents;
  on_mapped.callback = [](WGPUMapAsyncStatus status, WGPUStringView message, void* to, void*) {
    if (status != WGPUMapAsyncStatus_Success) stop("The results cannot be read: " + text_of(message));
    *static_cast<bool*>(to) = true;
  };
  on_mapped.userdata1 = &is_mapped;
  wgpuBufferMapAsync(copy, WGPUMapMode_Read, 0, size_bytes, on_mapped);
  while (!is_mapped) wgpuInstanceProcessEvents(gpu.instance);
  std::vector<uint32_t> words(size_bytes / 4);
  std::memcpy(words.data(), wgpuBufferGetConstMappedRange(copy, 0, size_bytes), size_bytes);
  wgpuBufferRelease(copy);
  return words;
}

void show(const Gpu& gpu, WGPUBuffer buffer, const std::string& name, const std::string& type, const std::string& folder,
          uint64_t size_bytes) {
  const std::vector<uint32_t> words = download(gpu, buffer, size_bytes);
  if (!folder.empty()) {
    std::ofstream file(folder + "/" + name + ".bin", std::ios::binary);
    file.write(reinterpret_cast<const char*>(words.data()), static_cast<std::streamsize>(size_bytes));
    if (!file) stop(folder + "/" + name + ".bin cannot be written.");
    return;
  }
  std::printf("%s:", name.c_str());
  for (size_t i = 0; i < std::min<size_t>(words.size(), 8); ++i) {
    float real = 0;
    std::memcpy(&real, &words[i], sizeof real);
    if (type == "f32") {
      std::printf(" %g", static_cast<double>(real));
    } else {
      std::printf(" %u", words[i]);
    }
  }
  std::printf(" ...\n");
}

// Numbers that look random and are the same everywhere.
[[maybe_unused]] uint32_t mixed(uint32_t i) {
  uint32_t word = (i + 1) * 2654435761u;
  word ^= word >> 15;
  word *= 2246822519u;
  return word ^ (word >> 13);
}

[[maybe_unused]] uint32_t bits_of(float real) {
  uint32_t bits = 0;
  std::memcpy(&bits, &real, sizeof bits);
  return bits;
}

}  // namespace example

int main(int argc, char** argv) {
  using namespace example;
  std::vector<uint32_t> counts;
  std::string folder;
  for (int i = 1; i < argc; ++i) {
    char* end = nullptr;
    const unsigned long number = std::strtoul(argv[i], &end, 10);
    if (*end == '\0' && end != argv[i]) {
      counts.push_back(static_cast<uint32_t>(number));
    } else {
      folder = argv[i];
    }
  }
  counts.resize(std::max<size_t>(counts.size(), @COUNTS@), std::min(@NAME@::kCapacity, 100000u));
@COUNT_VARIABLES@
  const Gpu gpu = open_gpu();
  @NAME@::Buffers buffers = {};
@MAIN_BUFFERS@
  @NAME@::Pipeline pipeline = @NAME@::create(gpu.device, buffers);
  WGPUCommandEncoder encoder = wgpuDeviceCreateCommandEncoder(gpu.device, nullptr);
  @NAME@::record(pipeline, gpu.queue, encoder@COUNT_USE@);
  WGPUCommandBuffer commands = wgpuCommandEncoderFinish(encoder, nullptr);
  wgpuQueueSubmit(gpu.queue, 1, &commands);
  wgpuCommandBufferRelease(commands);
  wgpuCommandEncoderRelease(encoder);
@SHOW@
  @NAME@::release(pipeline);
@RELEASE_MAIN@  wgpuQueueRelease(gpu.queue);
  wgpuDeviceRelease(gpu.device);
  wgpuAdapterRelease(gpu.adapter);
  wgpuInstanceRelease(gpu.instance);
  return 0;
}
)pattern";

}  // namespace shoal::emit
