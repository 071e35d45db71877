#include "gpu/native/native_gpu.h"

namespace shoal::gpu {

Result<std::unique_ptr<NativeGpu>> NativeGpu::open(const std::string& adapter, Tier tier,
                                                   const DeviceOptions& options) {
  SHOAL_TRY_SET(NativeDevice native, open_device(adapter, tier));
  std::unique_ptr<NativeGpu> opened(new NativeGpu(std::move(native)));
  opened->executor_ = std::make_unique<NativeExecutor>(opened->native_);
  opened->device_ = std::make_unique<Device>(opened->native_.capabilities(), options);
  return opened;
}

Result<void> NativeGpu::pump(bool wait) {
  if (!device_->recorder.empty()) {
    SHOAL_TRY(executor_->execute(device_->recorder.words()));
    device_->recorder.clear();
  }
  SHOAL_TRY(device_->on_events(executor_->poll(wait)));
  return device_->check();
}

}  // namespace shoal::gpu
