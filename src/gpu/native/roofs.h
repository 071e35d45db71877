// What an adapter can do at best, measured: the roofs that kernels are held against.
#pragma once

#include <optional>
#include <string>

#include "gpu/native/native_gpu.h"

namespace shoal::gpu {

struct Roofs {
  double read_bytes_per_s = 0;
  double copy_bytes_per_s = 0;   // bytes read and bytes written, together
  double atomic_adds_per_s = 0;  // at random places of a picture of 1000 x 600
};

// Measures one repetition at a time, so that a benchmark can take turns with the kernel that it compares: on a
// shared machine only neighbours in time are comparable.
class RoofMeter {
 public:
  // What a roof is measured with is made when it is first asked for, and given back at the end of the device.
  static Result<RoofMeter> prepare(NativeGpu& gpu) { return RoofMeter(gpu); }

  Result<double> read_bytes_per_s();
  Result<double> copy_bytes_per_s();
  Result<double> atomic_adds_per_s();

 private:
  explicit RoofMeter(NativeGpu& gpu);
  Result<void> need(const Kernel*& kernel, const wgsl::KernelTemplate& code);
  const View& need(View& buffer, std::string_view label, u64 size_bytes);
  const View& source() { return need(source_, "roof source", size_bytes_); }
  Result<double> time_ms(const Kernel* kernel, std::span<const View> views, u32 groups);

  NativeGpu* gpu_;
  const Kernel* read_ = nullptr;
  const Kernel* copy_ = nullptr;
  const Kernel* atomic_ = nullptr;
  u64 size_bytes_ = 0;
  View source_, target_, sums_, picture_;
};

// The medians of several repetitions; about a second on a software adapter.
Result<Roofs> measure_roofs(NativeGpu& gpu);

}  // namespace shoal::gpu
