// Finds adapters and opens devices through webgpu.h (wgpu-native).
#pragma once

#include <span>
#include <string>
#include <vector>

#include <wgpu.h>

#include "base/result.h"
#include "gpu/capabilities.h"

namespace shoal::gpu {

// Owns the WebGPU objects it names; moves, never copies.
class NativeDevice {
 public:
  NativeDevice() = default;
  NativeDevice(WGPUInstance instance, WGPUAdapter adapter, WGPUDevice device, Capabilities capabilities);
  NativeDevice(NativeDevice&& other) noexcept;
  NativeDevice& operator=(NativeDevice&& other) noexcept;
  ~NativeDevice();

  WGPUInstance instance() const { return instance_; }
  WGPUDevice device() const { return device_; }
  const Capabilities& capabilities() const { return capabilities_; }
  // Set once by the callback of the device; the message says why.
  const std::string& lost_message() const { return state_->lost_message; }
  const std::string& uncaptured_error() const { return state_->uncaptured_error; }

  // What the device's callbacks write to; its address stays while the device moves.
  struct State {
    std::string lost_message;
    std::string uncaptured_error;
  };
  State* state() { return state_; }

 private:
  friend Result<NativeDevice> open_device(const std::string& adapter, Tier tier, std::span<const u32> more_features,
                                          std::vector<u32>& missing);
  WGPUInstance instance_ = nullptr;
  WGPUAdapter adapter_ = nullptr;
  WGPUDevice device_ = nullptr;
  Capabilities capabilities_;
  State* state_ = nullptr;
};

// All Vulkan adapters, the one that would be chosen first.
Result<std::vector<Capabilities>> list_adapters();

// `adapter`: "" for the best one, "software", an index into list_adapters(), or part of a name.
// Errors: kNotFound when there is none (says what to install) or none of that name (lists those there are).
Result<NativeDevice> open_device(const std::string& adapter, Tier tier);

// The same with more features, by their number in webgpu.h or wgpu.h, of those that the adapter has; the others are
// added to `missing`.
Result<NativeDevice> open_device(const std::string& adapter, Tier tier, std::span<const u32> more_features,
                                 std::vector<u32>& missing);

// What somebody else opened. The instance may be one of which the adapter came, or any later one.
struct ForeignDevice {
  WGPUInstance instance = nullptr;
  WGPUAdapter adapter = nullptr;
  WGPUDevice device = nullptr;
};

// Refers to the three as long as it lives, and leaves them to their owner then. What the device was opened with,
// limits and features, is what is used of it. Its callbacks stay the owner's. Errors: kInvalidArgument when one is
// missing.
Result<NativeDevice> adopt_device(const ForeignDevice& device);

}  // namespace shoal::gpu
