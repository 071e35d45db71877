// A device with its executor: what a native program or a test drives.
#pragma once

#include <memory>
#include <string>

#include "gpu/device.h"
#include "gpu/native/executor.h"
#include "gpu/native/open_device.h"
#include "gpu/native/trace_writer.h"

namespace shoal::gpu {

// The clock of the host's side of a profile: milliseconds since some start.
double steady_ms();

class NativeGpu {
 public:
  static Result<std::unique_ptr<NativeGpu>> open(const std::string& adapter, Tier tier,
                                                 const DeviceOptions& options);

  Device& device() { return *device_; }

  // Executes what was recorded and hears the answers. `wait`: blocks until there is one, if one can come.
  // Errors: the first of device().check().
  Result<void> pump(bool wait);

  // From now on all that is executed and answered goes to a trace at `path`. Call it before the first pump: what a
  // trace names it must have seen created. Errors: kIo; kInvalidArgument when it is too late.
  Result<void> save_trace(const std::string& path);
  // Ends the trace and gives it its name, as the destructor does too. Errors: the first that writing it met.
  Result<void> finish_trace();

 private:
  explicit NativeGpu(NativeDevice device) : native_(std::move(device)) {}

  NativeDevice native_;
  std::unique_ptr<NativeExecutor> executor_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<TraceWriter> trace_;
  bool has_executed_ = false;
};

}  // namespace shoal::gpu
