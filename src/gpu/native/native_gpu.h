// A device with its executor: what a native program or a test drives.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gpu/device.h"
#include "gpu/native/open_device.h"

namespace shoal::gpu {

class NativeExecutor;
class TraceWriter;

// The clock of the host's side of a profile: milliseconds since some start.
double steady_ms();

class NativeGpu {
 public:
  static Result<std::unique_ptr<NativeGpu>> open(const std::string& adapter, Tier tier,
                                                 const DeviceOptions& options);
  // Over a device that the caller owns and goes on using: see adopt_device.
  static Result<std::unique_ptr<NativeGpu>> adopt(const ForeignDevice& device, const DeviceOptions& options);
  // To be called when the callback of an adopted device says that it was lost: nothing is submitted any more, since
  // wgpu-native would end the process.
  void tell_lost(std::string_view why) { native_.state()->lost_message = why; }
  ~NativeGpu();

  Device& device() { return *device_; }

  // A new array that kernels read and write, and that is copied to and from; `size_bytes` is a multiple of 4.
  View create_array(std::string_view label, u64 size_bytes);

  // All of a buffer of the same device that the caller owns, to be named in views like any other; it needs the
  // usage that the work asks of it, and is neither mapped nor destroyed while submitted work names it. It is never
  // destroyed here. Errors: kInvalidArgument for no buffer, and while a trace is saved, which would lack its
  // content.
  Result<View> adopt(WGPUBuffer buffer);
  // Ends the use of a buffer: afterwards no view of it holds, and nothing here refers to it. One that was made here
  // is destroyed.
  void release(const View& buffer);

  // Executes what was recorded and hears the answers. `wait`: blocks until there is one, if one can come.
  // Errors: the first of device().check().
  Result<void> pump(bool wait);

  // Pumps until `holds` says true, as prepare functions do. Errors: its own, and pump's.
  Result<void> wait_until(const std::function<Result<bool>()>& holds);
  // Pumps until the bytes of a read are there. Errors: pump's; kDevice when they cannot come.
  Result<std::vector<std::byte>> wait_for(Ticket ticket);

  // From now on all that is executed and answered goes to a trace at `path`. Call it before the first pump: what a
  // trace names it must have seen created. Errors: kIo; kInvalidArgument when it is too late.
  Result<void> save_trace(const std::string& path);
  // Ends the trace and gives it its name, as the destructor does too. Errors: the first that writing it met.
  Result<void> finish_trace();

 private:
  NativeGpu(NativeDevice device, const DeviceOptions& options);

  NativeDevice native_;
  std::unique_ptr<NativeExecutor> executor_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<TraceWriter> trace_;
  bool has_executed_ = false;
};

}  // namespace shoal::gpu
