// A device with its executor: what a native program or a test drives.
#pragma once

#include <memory>
#include <string>

#include "gpu/device.h"
#include "gpu/native/executor.h"
#include "gpu/native/open_device.h"

namespace shoal::gpu {

class NativeGpu {
 public:
  static Result<std::unique_ptr<NativeGpu>> open(const std::string& adapter, Tier tier,
                                                 const DeviceOptions& options);

  Device& device() { return *device_; }

  // Executes what was recorded and hears the answers. `wait`: blocks until there is one, if one can come.
  // Errors: the first of device().check().
  Result<void> pump(bool wait);

 private:
  explicit NativeGpu(NativeDevice device) : native_(std::move(device)) {}

  NativeDevice native_;
  std::unique_ptr<NativeExecutor> executor_;
  std::unique_ptr<Device> device_;
};

}  // namespace shoal::gpu
