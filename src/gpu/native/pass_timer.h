// How long a pass takes: by GPU timestamps where the device has them, else by the clock around its submission.
#pragma once

#include <functional>
#include <span>

#include "gpu/native/native_gpu.h"

namespace shoal::gpu {

// Compiles everything that was requested so far. Errors: those of pump.
Result<void> finish_compilation(NativeGpu& gpu);

// Submits one pass that holds what `record` dispatches, and waits for it. The device must have been opened with
// DeviceOptions::profile, or timestamps are not used. Errors: those of pump.
Result<double> time_pass_ms(NativeGpu& gpu, const std::function<void(Frame&)>& record,
                            std::string_view label = "timed");

// The middle one of several measurements, which one that was disturbed does not move.
double median(std::span<const double> values);

}  // namespace shoal::gpu
