// Devices, their queue and errors, canvases and the ends of frames, recorded.
#include <dlfcn.h>

#include <memory>

#include "review/record/describe.h"
#include "review/webgpu_names.gen.h"

using namespace shoal;
using namespace shoal::review;

namespace {

std::string hex(u32 value) { return fmt::format("{:#x}", value); }

// What the program asked a device for beyond its handle: told by callbacks that may come at any time.
struct DeviceCallbacks {
  WGPUUncapturedErrorCallbackInfo error = {};
  WGPUDeviceLostCallbackInfo lost = {};
  u32 device = 0;
};

struct DeviceRequest {
  WGPURequestDeviceCallbackInfo asked = {};
  WGPUAdapter adapter = nullptr;
  std::string label;
  DeviceCallbacks* callbacks = nullptr;
};

// Runs what the program gave, whose calls are its own.
template <class Callback, class... Arguments>
void call_back(Callback callback, Arguments... arguments) {
  const Inside outside(false);
  if (callback != nullptr) callback(arguments...);
}

template <class Event>
void hear(u32 device, const Event& event) {
  const Inside outside(false);
  if (Recording* r = recording(); r != nullptr) {
    const std::lock_guard lock(r->mutex);
    r->hear(device, event);
  }
}

gpu::ErrorKind kind_of(WGPUErrorType type) {
  return type == WGPUErrorType_OutOfMemory  ? gpu::ErrorKind::kOutOfMemory
         : type == WGPUErrorType_Validation ? gpu::ErrorKind::kValidation
                                            : gpu::ErrorKind::kInternal;
}

void on_error(WGPUDevice const* device, WGPUErrorType type, WGPUStringView message, void* to, void*) {
  const auto& callbacks = *static_cast<DeviceCallbacks*>(to);
  hear(callbacks.device, gpu::ErrorEvent{.kind = kind_of(type), .label = "", .message = text_of(message)});
  // wgpu-native's own answer to an error that nobody asked to hear of ends the process; the program's end is its
  // own.
  call_back(callbacks.error.callback, device, type, message, callbacks.error.userdata1, callbacks.error.userdata2);
}

void on_lost(WGPUDevice const* device, WGPUDeviceLostReason reason, WGPUStringView message, void* to, void*) {
  const auto& callbacks = *static_cast<DeviceCallbacks*>(to);
  hear(callbacks.device, gpu::DeviceLost{.message = text_of(message)});
  call_back(callbacks.lost.callback, device, reason, message, callbacks.lost.userdata1, callbacks.lost.userdata2);
}

std::string_view type_name(WGPUAdapterType type) {
  switch (type) {
    case WGPUAdapterType_DiscreteGPU: return "discrete";
    case WGPUAdapterType_IntegratedGPU: return "integrated";
    case WGPUAdapterType_CPU: return "software";
    default: return "unknown";
  }
}

std::string_view backend_name(WGPUBackendType type) {
  switch (type) {
    case WGPUBackendType_Vulkan: return "vulkan";
    case WGPUBackendType_Metal: return "metal";
    case WGPUBackendType_D3D12: return "d3d12";
    case WGPUBackendType_OpenGL: return "opengl";
    case WGPUBackendType_OpenGLES: return "opengles";
    default: return "unknown";
  }
}

void note_device(Recording& r, u32 id, std::string_view label, WGPUAdapter adapter, WGPUDevice device) {
  WGPUAdapterInfo info = WGPU_ADAPTER_INFO_INIT;
  real().wgpuAdapterGetInfo(adapter, &info);
  gpu::DeviceInfo note{.device = id,
                       .label = label,
                       .adapter = text_of(info.device),
                       .vendor = text_of(info.vendor),
                       .driver = text_of(info.description),
                       .type = type_name(info.adapterType),
                       .backend = backend_name(info.backendType)};
  WGPUSupportedFeatures features = {};
  real().wgpuDeviceGetFeatures(device, &features);
  std::vector<std::string> unnamed;
  unnamed.reserve(features.featureCount);
  for (size_t i = 0; i < features.featureCount; ++i) {
    const u32 value = static_cast<u32>(features.features[i]);
    const auto known = std::ranges::find(kFeatureNames, value, &NumberName::value);
    note.features.push_back(
        {.name = known != std::end(kFeatureNames) ? known->name : unnamed.emplace_back(hex(value))});
  }
  WGPULimits limits = WGPU_LIMITS_INIT;
  real().wgpuDeviceGetLimits(device, &limits);
  visit_limits(limits, [&](std::string_view name, u64 value) { note.limits.push_back({name, value}); });
  r.trace->note(r.now_ns(), note);
  real().wgpuSupportedFeaturesFreeMembers(features);
  real().wgpuAdapterInfoFreeMembers(info);
}

void on_device(WGPURequestDeviceStatus status, WGPUDevice device, WGPUStringView message, void* to, void*) {
  const std::unique_ptr<DeviceRequest> request(static_cast<DeviceRequest*>(to));
  {
    const Inside outside(false);
    if (Recording* r = recording(); r != nullptr && device != nullptr) {
      const std::lock_guard lock(r->mutex);
      const u32 id = request->callbacks->device;
      r->add(device, {.id = id, .device = id, .kind = gpu::ObjectKind::kDevice, .references = 1});
      note_device(*r, id, request->label, request->adapter, device);
    }
  }
  call_back(request->asked.callback, status, device, message, request->asked.userdata1, request->asked.userdata2);
}

struct ScopeRequest {
  WGPUPopErrorScopeCallbackInfo asked = {};
  u32 device = 0;
};

void on_scope(WGPUPopErrorScopeStatus status, WGPUErrorType type, WGPUStringView message, void* to, void*) {
  const std::unique_ptr<ScopeRequest> request(static_cast<ScopeRequest*>(to));
  hear(request->device, gpu::ScopePopped{.message = type == WGPUErrorType_NoError ? "" : text_of(message)});
  call_back(request->asked.callback, status, type, message, request->asked.userdata1, request->asked.userdata2);
}

struct DoneRequest {
  WGPUQueueWorkDoneCallbackInfo asked = {};
  u32 device = 0, serial = 0;
};

void on_done(WGPUQueueWorkDoneStatus status, WGPUStringView message, void* to, void*) {
  const std::unique_ptr<DoneRequest> request(static_cast<DoneRequest*>(to));
  hear(request->device, gpu::WorkDone{.serial = request->serial});
  call_back(request->asked.callback, status, message, request->asked.userdata1, request->asked.userdata2);
}

gpu::Submit submission(Recording& r, size_t count, const WGPUCommandBuffer* commands) {
  r.has_submitted = true;
  return {.command_buffers = r.ids(count, commands)};
}

}  // namespace

SHOAL_EXPORTED WGPUInstance wgpuCreateInstance(WGPUInstanceDescriptor const* descriptor) {
  recording();  // begins
  return real().wgpuCreateInstance(descriptor);
}

// Functions that a program asks for by name are the recorder's too.
SHOAL_EXPORTED WGPUProc wgpuGetProcAddress(WGPUStringView procName) {
  const std::string name(text_of(procName));
  Dl_info own{};
  void* self = dladdr(reinterpret_cast<const void*>(&wgpuGetProcAddress), &own) == 0
                   ? nullptr
                   : dlopen(own.dli_fname, RTLD_NOW | RTLD_NOLOAD);
  void* found = self == nullptr ? nullptr : dlsym(self, name.c_str());
  return reinterpret_cast<WGPUProc>(found);
}

SHOAL_EXPORTED WGPUFuture wgpuAdapterRequestDevice(WGPUAdapter adapter, WGPUDeviceDescriptor const* descriptor,
                                                   WGPURequestDeviceCallbackInfo callbackInfo) {
  Recording* r = recording();
  if (r == nullptr) return real().wgpuAdapterRequestDevice(adapter, descriptor, callbackInfo);
  auto request = std::make_unique<DeviceRequest>();
  request->asked = callbackInfo;
  request->adapter = adapter;
  request->callbacks = new DeviceCallbacks;  // the device may speak until the process ends
  {
    const std::lock_guard lock(r->mutex);
    request->callbacks->device = r->new_id();
  }
  WGPUDeviceDescriptor ours = WGPU_DEVICE_DESCRIPTOR_INIT;
  if (descriptor != nullptr) ours = *descriptor;
  request->label = text_of(ours.label);
  request->callbacks->error = ours.uncapturedErrorCallbackInfo;
  request->callbacks->lost = ours.deviceLostCallbackInfo;
  // Where the program hears of no errors wgpu-native ends it, and so it must be.
  if (ours.uncapturedErrorCallbackInfo.callback != nullptr) {
    ours.uncapturedErrorCallbackInfo.callback = on_error;
    ours.uncapturedErrorCallbackInfo.userdata1 = request->callbacks;
  }
  if (ours.deviceLostCallbackInfo.callback != nullptr) {
    ours.deviceLostCallbackInfo.callback = on_lost;
    ours.deviceLostCallbackInfo.userdata1 = request->callbacks;
  }
  callbackInfo.callback = on_device;
  callbackInfo.userdata1 = request.release();
  const Inside inside;
  return real().wgpuAdapterRequestDevice(adapter, &ours, callbackInfo);
}

SHOAL_EXPORTED WGPUQueue wgpuDeviceGetQueue(WGPUDevice device) {
  WGPUQueue queue = real().wgpuDeviceGetQueue(device);
  if (Recording* r = recording(); r != nullptr && queue != nullptr) {
    const std::lock_guard lock(r->mutex);
    // Only the device of it is of interest.
    r->add(queue, {.id = 0, .device = r->device_of(device), .kind = gpu::ObjectKind::kDevice, .references = 1});
  }
  return queue;
}

SHOAL_EXPORTED void wgpuDeviceDestroy(WGPUDevice device) {
  say(
      device, [&](Recording& r) { return gpu::DestroyDevice{.device = r.id_of(device)}; },
      [&] { real().wgpuDeviceDestroy(device); });
}

SHOAL_EXPORTED void wgpuDevicePushErrorScope(WGPUDevice device, WGPUErrorFilter filter) {
  say(
      device, [&](Recording&) { return gpu::PushErrorScope{.filter = named<gpu::ErrorKind>(filter)}; },
      [&] { real().wgpuDevicePushErrorScope(device, filter); });
}

SHOAL_EXPORTED WGPUFuture wgpuDevicePopErrorScope(WGPUDevice device, WGPUPopErrorScopeCallbackInfo callbackInfo) {
  Recording* r = recording();
  if (r == nullptr) return real().wgpuDevicePopErrorScope(device, callbackInfo);
  auto request = std::make_unique<ScopeRequest>();
  request->asked = callbackInfo;
  {
    const std::lock_guard lock(r->mutex);
    request->device = r->device_of(device);
  }
  callbackInfo.callback = on_scope;
  callbackInfo.userdata1 = request.release();
  return say(
      device, [](Recording&) { return gpu::PopErrorScope{}; },
      [&] { return real().wgpuDevicePopErrorScope(device, callbackInfo); });
}

SHOAL_EXPORTED WGPUBool wgpuDevicePoll(WGPUDevice device, WGPUBool wait,
                                       WGPUSubmissionIndex const* submissionIndex) {
  // Programs ask in loops: a question that waits for nothing says nothing.
  if (wait == 0) {
    const Inside inside;
    return real().wgpuDevicePoll(device, wait, submissionIndex);
  }
  const WGPUBool is_empty = say(
      device, [](Recording&) { return gpu::Poll{.waits = 1}; },
      [&] { return real().wgpuDevicePoll(device, wait, submissionIndex); });
  if (Recording* r = recording(); r != nullptr) {
    const std::lock_guard lock(r->mutex);
    r->has_waited = true;
  }
  return is_empty;
}

SHOAL_EXPORTED void wgpuInstanceProcessEvents(WGPUInstance instance) {
  const Inside inside;
  real().wgpuInstanceProcessEvents(instance);
}

SHOAL_EXPORTED void wgpuQueueSubmit(WGPUQueue queue, size_t commandCount, WGPUCommandBuffer const* commands) {
  say(
      queue, [&](Recording& r) { return submission(r, commandCount, commands); },
      [&] { real().wgpuQueueSubmit(queue, commandCount, commands); });
}

SHOAL_EXPORTED WGPUSubmissionIndex wgpuQueueSubmitForIndex(WGPUQueue queue, size_t commandCount,
                                                           WGPUCommandBuffer const* commands) {
  return say(
      queue, [&](Recording& r) { return submission(r, commandCount, commands); },
      [&] { return real().wgpuQueueSubmitForIndex(queue, commandCount, commands); });
}

SHOAL_EXPORTED WGPUFuture wgpuQueueOnSubmittedWorkDone(WGPUQueue queue,
                                                       WGPUQueueWorkDoneCallbackInfo callbackInfo) {
  Recording* r = recording();
  if (r == nullptr) return real().wgpuQueueOnSubmittedWorkDone(queue, callbackInfo);
  auto request = std::make_unique<DoneRequest>();
  request->asked = callbackInfo;
  {
    const std::lock_guard lock(r->mutex);
    request->device = r->device_of(queue);
    request->serial = ++r->last_ticket;
  }
  const u32 serial = request->serial;
  callbackInfo.callback = on_done;
  callbackInfo.userdata1 = request.release();
  return say(
      queue, [&](Recording&) { return gpu::OnSubmittedWorkDone{.serial = serial}; },
      [&] { return real().wgpuQueueOnSubmittedWorkDone(queue, callbackInfo); });
}

SHOAL_EXPORTED WGPUSurface wgpuInstanceCreateSurface(WGPUInstance instance,
                                                     WGPUSurfaceDescriptor const* descriptor) {
  WGPUSurface surface = real().wgpuInstanceCreateSurface(instance, descriptor);
  if (Recording* r = recording(); r != nullptr) {
    const std::lock_guard lock(r->mutex);
    r->add(surface, {.id = r->new_id(), .device = 0, .kind = gpu::ObjectKind::kCanvas, .references = 1});
  }
  return surface;
}

SHOAL_EXPORTED void wgpuSurfaceConfigure(WGPUSurface surface, WGPUSurfaceConfiguration const* config) {
  say(
      config->device,
      [&](Recording& r) {
        if (Object* known = r.find(surface); known != nullptr) known->device = r.device_of(config->device);
        return gpu::ConfigureCanvas{
            .canvas = r.id_of(surface), .label = "surface", .configuration = describe(*config)};
      },
      [&] { real().wgpuSurfaceConfigure(surface, config); });
}

SHOAL_EXPORTED void wgpuSurfaceUnconfigure(WGPUSurface surface) {
  say(
      surface, [&](Recording& r) { return gpu::UnconfigureCanvas{.canvas = r.id_of(surface)}; },
      [&] { real().wgpuSurfaceUnconfigure(surface); });
}

SHOAL_EXPORTED void wgpuSurfaceGetCurrentTexture(WGPUSurface surface, WGPUSurfaceTexture* surfaceTexture) {
  create(
      surface, gpu::ObjectKind::kTexture,
      [&](Recording& r, u32 id) { return gpu::GetCurrentTexture{.canvas = r.id_of(surface), .texture = id}; },
      [&] {
        real().wgpuSurfaceGetCurrentTexture(surface, surfaceTexture);
        return surfaceTexture->texture;
      });
}

SHOAL_EXPORTED WGPUStatus wgpuSurfacePresent(WGPUSurface surface) {
  return say(
      surface,
      [&](Recording& r) {
        r.presents = true;
        return gpu::Present{.canvas = r.id_of(surface)};
      },
      [&] { return real().wgpuSurfacePresent(surface); });
}
