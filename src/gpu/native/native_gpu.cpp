#include "gpu/native/native_gpu.h"

#include <chrono>

#include "base/text.h"

namespace shoal::gpu {

double steady_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

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
    has_executed_ = true;
    if (trace_ != nullptr) trace_->stream(device_->recorder.words());
    device_->profiler.on_execute(steady_ms());
    SHOAL_TRY(executor_->execute(device_->recorder.words()));
    device_->recorder.clear();
  }
  const std::vector<u32> events = executor_->poll(wait);
  if (trace_ != nullptr && !events.empty()) trace_->events(events);
  SHOAL_TRY(device_->on_events(events));
  return device_->check();
}

Result<void> NativeGpu::save_trace(const std::string& path) {
  if (has_executed_) {
    return fail(ErrorCode::kInvalidArgument,
                "The trace {} would lack what this device was told before. Begin it before the first command.",
                quote(path));
  }
  SHOAL_TRY_SET(trace_, TraceWriter::create(path, native_.capabilities().name));
  return {};
}

Result<void> NativeGpu::finish_trace() {
  const std::unique_ptr<TraceWriter> trace = std::move(trace_);
  if (trace == nullptr) return {};
  return trace->finish();
}

}  // namespace shoal::gpu
