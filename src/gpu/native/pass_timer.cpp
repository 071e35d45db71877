#include "gpu/native/pass_timer.h"

#include <algorithm>
#include <chrono>

namespace shoal::gpu {

Result<void> finish_compilation(NativeGpu& gpu) {
  do {
    SHOAL_TRY(gpu.pump(gpu.device().kernels.is_compiling()));
  } while (gpu.device().kernels.is_compiling());
  return {};
}

Result<double> time_pass_ms(NativeGpu& gpu, const std::function<void(Frame&)>& record, std::string_view label) {
  Device& device = gpu.device();
  // What was recorded before, uploads above all, is not the pass's.
  const u32 before = device.work_done + 1;
  device.recorder.say(OnSubmittedWorkDone{.serial = before});
  while (device.work_done < before) SHOAL_TRY(gpu.pump(true));

  device.profiler.reset();
  Frame frame(device, label);
  frame.begin_pass(label, 0);
  record(frame);
  frame.end_pass();
  frame.submit();
  const u32 serial = before + 1;
  device.recorder.say(OnSubmittedWorkDone{.serial = serial});
  const auto start = std::chrono::steady_clock::now();
  while (device.work_done < serial) SHOAL_TRY(gpu.pump(true));
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
  if (!device.profiler.is_enabled()) return elapsed.count();
  while (device.profiler.times().empty()) SHOAL_TRY(gpu.pump(true));
  return device.profiler.times().front().ms;
}

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  if (sorted.empty()) return 0;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  return *middle;
}

}  // namespace shoal::gpu
