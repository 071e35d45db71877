#include "gpu/native/open_device.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {
namespace {

constexpr WGPUFeatureName kNativeSubgroups = static_cast<WGPUFeatureName>(WGPUNativeFeature_Subgroup);

struct Adapters {
  WGPUInstance instance = nullptr;
  std::vector<std::pair<Capabilities, WGPUAdapter>> found;

  Adapters() = default;
  Adapters(Adapters&& other) noexcept
      : instance(std::exchange(other.instance, nullptr)), found(std::exchange(other.found, {})) {}
  Adapters& operator=(Adapters&&) = delete;
  ~Adapters() {
    for (auto& [capabilities, adapter] : found) {
      if (adapter != nullptr) wgpuAdapterRelease(adapter);
    }
    if (instance != nullptr) wgpuInstanceRelease(instance);
  }
};

AdapterType adapter_type(WGPUAdapterType type) {
  switch (type) {
    case WGPUAdapterType_DiscreteGPU: return AdapterType::kDiscrete;
    case WGPUAdapterType_IntegratedGPU: return AdapterType::kIntegrated;
    case WGPUAdapterType_CPU: return AdapterType::kSoftware;
    default: return AdapterType::kUnknown;
  }
}

Limits limits_of(const WGPULimits& limits) {
  // A binding is addressed in 32-bit words by our kernels, and slabs are aligned to 256 bytes.
  static constexpr u64 kLargestBinding = (u64{1} << 32) - 256;
  const auto aligned = [](u64 size) { return std::min(size, kLargestBinding) / 256 * 256; };
  return {.max_buffer_size_bytes = aligned(limits.maxBufferSize),
          .max_storage_binding_size_bytes = aligned(limits.maxStorageBufferBindingSize),
          .max_uniform_binding_size_bytes = static_cast<u32>(aligned(limits.maxUniformBufferBindingSize)),
          .max_workgroups_per_dimension = limits.maxComputeWorkgroupsPerDimension,
          .max_invocations_per_workgroup = limits.maxComputeInvocationsPerWorkgroup,
          .max_workgroup_storage_bytes = limits.maxComputeWorkgroupStorageSize,
          .min_uniform_offset_alignment_bytes = limits.minUniformBufferOffsetAlignment,
          .min_storage_offset_alignment_bytes = limits.minStorageBufferOffsetAlignment};
}

// Features and limits of the device where there is one, else of the adapter.
Capabilities describe(WGPUAdapter adapter, WGPUDevice device) {
  Capabilities capabilities;
  WGPUAdapterInfo info = WGPU_ADAPTER_INFO_INIT;
  wgpuAdapterGetInfo(adapter, &info);
  capabilities.name = std_text(info.device);
  capabilities.driver = std_text(info.description);
  capabilities.type = adapter_type(info.adapterType);
  const auto has = [&](WGPUFeatureName feature) {
    return (device == nullptr ? wgpuAdapterHasFeature(adapter, feature) : wgpuDeviceHasFeature(device, feature)) !=
           0;
  };
  capabilities.features = {.timestamps = has(WGPUFeatureName_TimestampQuery),
                           .subgroups = has(kNativeSubgroups),
                           .f16 = has(WGPUFeatureName_ShaderF16),
                           .subgroup_min_size = info.subgroupMinSize,
                           .subgroup_max_size = info.subgroupMaxSize};
  wgpuAdapterInfoFreeMembers(info);
  WGPULimits limits = WGPU_LIMITS_INIT;
  if (device == nullptr) {
    wgpuAdapterGetLimits(adapter, &limits);
  } else {
    wgpuDeviceGetLimits(device, &limits);
  }
  capabilities.limits = limits_of(limits);
  return capabilities;
}

double timestamp_period_ns(WGPUDevice device) {
  WGPUQueue queue = wgpuDeviceGetQueue(device);
  const auto period = static_cast<double>(wgpuQueueGetTimestampPeriod(queue));
  wgpuQueueRelease(queue);
  return period;
}

Result<Adapters> find_adapters() {
  // Mesa complains on stderr when the variable is unset, and needs nothing there.
  setenv("XDG_RUNTIME_DIR", "/tmp", 0);
  wgpuSetLogLevel(WGPULogLevel_Off);
  Adapters adapters;
  // Only Vulkan: opening GL as well costs start-up time and finds the same hardware again.
  WGPUInstanceExtras extras = {};
  extras.chain.sType = static_cast<WGPUSType>(WGPUSType_InstanceExtras);
  extras.backends = WGPUInstanceBackend_Vulkan;
  WGPUInstanceDescriptor descriptor = WGPU_INSTANCE_DESCRIPTOR_INIT;
  descriptor.nextInChain = &extras.chain;
  adapters.instance = wgpuCreateInstance(&descriptor);
  if (adapters.instance == nullptr) {
    return fail(ErrorCode::kDevice, "WebGPU could not be started: wgpu-native gave no instance.");
  }
  WGPUInstanceEnumerateAdapterOptions options = {};
  options.backends = WGPUInstanceBackend_Vulkan;
  const size_t count = wgpuInstanceEnumerateAdapters(adapters.instance, &options, nullptr);
  std::vector<WGPUAdapter> handles(count);
  wgpuInstanceEnumerateAdapters(adapters.instance, &options, handles.data());
  for (WGPUAdapter handle : handles) adapters.found.emplace_back(describe(handle, nullptr), handle);
  if (adapters.found.empty()) {
    return fail(
        ErrorCode::kNotFound,
        "No Vulkan driver was found, so there is no adapter to compute on. Install your GPU's Vulkan driver, "
        "or Mesa's software adapter with 'apt-get install mesa-vulkan-drivers'.");
  }
  // The best kind first, in the driver's order within a kind.
  std::vector<std::pair<Capabilities, WGPUAdapter>> ordered;
  for (const AdapterType type :
       {AdapterType::kDiscrete, AdapterType::kIntegrated, AdapterType::kUnknown, AdapterType::kSoftware}) {
    for (const auto& entry : adapters.found) {
      if (entry.first.type == type) ordered.push_back(entry);
    }
  }
  adapters.found = std::move(ordered);
  return adapters;
}

Result<size_t> choose(const Adapters& adapters, const std::string& wanted) {
  if (wanted.empty()) return size_t{0};
  const auto lower = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  };
  size_t index = 0;
  const auto [end, status] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), index);
  const bool is_index = status == std::errc{} && end == wanted.data() + wanted.size();
  std::string names;
  for (size_t i = 0; i < adapters.found.size(); ++i) {
    const Capabilities& capabilities = adapters.found[i].first;
    if (is_index ? i == index
                 : (wanted == "software" && capabilities.type == AdapterType::kSoftware) ||
                       lower(capabilities.name).find(lower(wanted)) != std::string::npos) {
      return i;
    }
    names += fmt::format("{}{}: {}", i == 0 ? "" : ", ", i, quote(capabilities.name));
  }
  return fail(ErrorCode::kNotFound, "There is no adapter {} here. Choose one of {}, or leave --adapter out.",
              quote(wanted), names);
}

}  // namespace

NativeDevice::NativeDevice(WGPUInstance instance, WGPUAdapter adapter, WGPUDevice device, Capabilities capabilities)
    : instance_(instance),
      adapter_(adapter),
      device_(device),
      capabilities_(std::move(capabilities)),
      state_(new State) {}

NativeDevice::NativeDevice(NativeDevice&& other) noexcept { *this = std::move(other); }

NativeDevice& NativeDevice::operator=(NativeDevice&& other) noexcept {
  std::swap(instance_, other.instance_);
  std::swap(adapter_, other.adapter_);
  std::swap(device_, other.device_);
  std::swap(capabilities_, other.capabilities_);
  std::swap(state_, other.state_);
  return *this;
}

NativeDevice::~NativeDevice() {
  if (device_ != nullptr) wgpuDeviceRelease(device_);
  if (adapter_ != nullptr) wgpuAdapterRelease(adapter_);
  if (instance_ != nullptr) wgpuInstanceRelease(instance_);
  delete state_;
}

Result<std::vector<Capabilities>> list_adapters() {
  SHOAL_TRY_SET(const Adapters adapters, find_adapters());
  std::vector<Capabilities> list;
  for (const auto& entry : adapters.found) list.push_back(entry.first);
  return list;
}

Result<NativeDevice> open_device(const std::string& wanted, Tier tier) {
  std::vector<u32> missing;
  return open_device(wanted, tier, {}, missing);
}

Result<NativeDevice> open_device(const std::string& wanted, Tier tier, std::span<const u32> more_features,
                                 std::vector<u32>& missing) {
  SHOAL_TRY_SET(Adapters adapters, find_adapters());
  SHOAL_TRY_SET(const size_t index, choose(adapters, wanted));
  auto& [capabilities, adapter] = adapters.found[index];
  capabilities.tier = tier;

  WGPULimits limits = WGPU_LIMITS_INIT;
  std::vector<WGPUFeatureName> features;
  if (tier == Tier::kFull) {
    wgpuAdapterGetLimits(adapter, &limits);
    limits.nextInChain = nullptr;
    if (capabilities.features.timestamps) features.push_back(WGPUFeatureName_TimestampQuery);
    if (capabilities.features.subgroups) features.push_back(kNativeSubgroups);
    if (capabilities.features.f16) features.push_back(WGPUFeatureName_ShaderF16);
  } else {
    capabilities.features = {};
    capabilities.limits = {};
  }

  for (const u32 value : more_features) {
    // wgpu-native has the browsers' feature under a number of its own.
    const auto feature =
        value == WGPUFeatureName_Subgroups ? kNativeSubgroups : static_cast<WGPUFeatureName>(value);
    if (wgpuAdapterHasFeature(adapter, feature) == 0) {
      missing.push_back(value);
    } else if (std::ranges::find(features, feature) == features.end()) {
      features.push_back(feature);
    }
  }

  NativeDevice opened(nullptr, nullptr, nullptr, {});
  WGPUDeviceDescriptor descriptor = WGPU_DEVICE_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text("shoal");
  descriptor.requiredFeatureCount = features.size();
  descriptor.requiredFeatures = features.data();
  descriptor.requiredLimits = tier == Tier::kFull ? &limits : nullptr;
  descriptor.deviceLostCallbackInfo = {
      nullptr, WGPUCallbackMode_AllowSpontaneous,
      [](WGPUDevice const*, WGPUDeviceLostReason, WGPUStringView message, void* state, void*) {
        static_cast<NativeDevice::State*>(state)->lost_message =
            message.length == 0 ? "The device was lost." : std::string(std_text(message));
      },
      opened.state_, nullptr};
  descriptor.uncapturedErrorCallbackInfo = {
      nullptr,
      [](WGPUDevice const*, WGPUErrorType, WGPUStringView message, void* state, void*) {
        static_cast<NativeDevice::State*>(state)->uncaptured_error = std_text(message);
      },
      opened.state_, nullptr};

  struct Answer {
    WGPUDevice device = nullptr;
    std::string message;
  } answer;
  wgpuAdapterRequestDevice(
      adapter, &descriptor,
      {nullptr, WGPUCallbackMode_AllowProcessEvents,
       [](WGPURequestDeviceStatus, WGPUDevice device, WGPUStringView message, void* to, void*) {
         static_cast<Answer*>(to)->device = device;
         static_cast<Answer*>(to)->message = std_text(message);
       },
       &answer, nullptr});
  wgpuInstanceProcessEvents(adapters.instance);
  if (answer.device == nullptr) {
    return fail(ErrorCode::kDevice, "The adapter {} refused to open a device: {}.", quote(capabilities.name),
                answer.message);
  }
  opened.device_ = answer.device;
  opened.adapter_ = std::exchange(adapter, nullptr);
  opened.instance_ = std::exchange(adapters.instance, nullptr);
  opened.capabilities_ = capabilities;
  opened.capabilities_.timestamp_period_ns = timestamp_period_ns(opened.device_);
  return opened;
}

Result<NativeDevice> adopt_device(const ForeignDevice& foreign) {
  if (foreign.instance == nullptr || foreign.adapter == nullptr || foreign.device == nullptr) {
    return fail(ErrorCode::kInvalidArgument,
                "A device cannot be adopted without its {}. Give instance, adapter and device.",
                foreign.device == nullptr    ? "device"
                : foreign.adapter == nullptr ? "adapter"
                                             : "instance");
  }
  Capabilities capabilities = describe(foreign.adapter, foreign.device);
  capabilities.timestamp_period_ns = timestamp_period_ns(foreign.device);
  wgpuInstanceAddRef(foreign.instance);
  wgpuAdapterAddRef(foreign.adapter);
  wgpuDeviceAddRef(foreign.device);
  return NativeDevice(foreign.instance, foreign.adapter, foreign.device, std::move(capabilities));
}

}  // namespace shoal::gpu
