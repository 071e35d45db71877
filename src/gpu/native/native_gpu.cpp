#include "gpu/native/native_gpu.h"

#include <chrono>

#include "base/text.h"
#include "gpu/native/executor.h"
#include "gpu/native/trace_watch.h"
#include "gpu/native/trace_writer.h"

namespace shoal::gpu {

double steady_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Result<std::unique_ptr<NativeGpu>> NativeGpu::open(const std::string& adapter, Tier tier,
                                                   const DeviceOptions& options) {
  SHOAL_TRY_SET(NativeDevice native, open_device(adapter, tier));
  std::unique_ptr<NativeGpu> opened(new NativeGpu(std::move(native), options));
  if (const std::string path = next_watched_trace(); !path.empty()) SHOAL_TRY(opened->save_trace(path));
  return opened;
}

Result<std::unique_ptr<NativeGpu>> NativeGpu::adopt(const ForeignDevice& device, const DeviceOptions& options) {
  SHOAL_TRY_SET(NativeDevice native, adopt_device(device));
  return std::unique_ptr<NativeGpu>(new NativeGpu(std::move(native), options));
}

NativeGpu::NativeGpu(NativeDevice device, const DeviceOptions& options)
    : native_(std::move(device)),
      executor_(std::make_unique<NativeExecutor>(native_)),
      device_(std::make_unique<Device>(native_.capabilities(), options)) {}

NativeGpu::~NativeGpu() = default;

Result<View> NativeGpu::adopt(WGPUBuffer buffer) {
  if (buffer == nullptr) {
    return fail(ErrorCode::kInvalidArgument,
                "There is no buffer to adopt. Give one that wgpuDeviceCreateBuffer made.");
  }
  if (trace_ != nullptr) {
    return fail(
        ErrorCode::kInvalidArgument,
        "A trace is being saved, and would lack what the adopted buffer holds. Record the whole program with "
        "`shoal record` instead.");
  }
  has_executed_ = true;  // a trace would begin too late from now on
  const u32 id = device_->recorder.new_id();
  return View{id, 0, executor_->adopt(id, buffer)};
}

View NativeGpu::create_array(std::string_view label, u64 size_bytes) {
  using enum BufferUsage;
  return {device_->recorder.create_buffer(label, size_bytes, kStorage | kCopyDst | kCopySrc), 0, size_bytes};
}

// Destroying an adopted one only lets go of it.
void NativeGpu::release(const View& buffer) {
  device_->bind_groups.forget(device_->recorder, buffer.buffer);
  device_->recorder.say(DestroyBuffer{.buffer = buffer.buffer});
}

Result<void> NativeGpu::wait_until(const std::function<Result<bool>()>& holds) {
  for (;;) {
    SHOAL_TRY_SET(const bool does_hold, holds());
    if (does_hold) return {};
    SHOAL_TRY(pump(true));
  }
}

Result<std::vector<std::byte>> NativeGpu::wait_for(Ticket ticket) {
  for (;;) {
    SHOAL_TRY(pump(true));
    if (auto bytes = device_->readbacks.take(ticket)) return *std::move(bytes);
    if (device_->readbacks.has_failed(ticket)) {
      return fail(ErrorCode::kDevice, "What was to be read back did not come: the work before it was dropped.");
    }
  }
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
  SHOAL_TRY_SET(trace_, TraceWriter::create(path, native_.capabilities()));
  return {};
}

Result<void> NativeGpu::finish_trace() {
  const std::unique_ptr<TraceWriter> trace = std::move(trace_);
  if (trace == nullptr) return {};
  return trace->finish();
}

}  // namespace shoal::gpu
