// What a benchmark of a kernel is: a name and a function that measures it beside the roof that bounds it.
// A layer lists its benchmarks (primitives/benches.h); `shoal bench` runs them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gpu/native/native_gpu.h"
#include "gpu/native/roofs.h"

namespace shoal::gpu {

struct BenchRequest {
  u64 rows = u64{1} << 24;
  int repetitions = 15;
  bool warms_up = true;  // for 0.3 s, before what counts
};

struct BenchResult {
  std::string name;
  u64 n = 0;         // elements
  double ms = 0;     // median
  u64 bytes = 0;     // that must move
  std::string roof;  // "read", "copy" or "atomic"
  double share = 0;  // of the roof, both medians of repetitions that took turns
};

struct Bench {
  std::string_view name;
  Result<BenchResult> (*run)(NativeGpu& gpu, RoofMeter& roofs, const BenchRequest& request) = nullptr;
};

// Runs kernel and roof in turns. `kernel_ms` is one repetition; `roof_rate` is one of the roof's, in `units`
// (bytes or adds) a second. The turns that warm up do not count.
Result<BenchResult> run_in_turns(const BenchRequest& request, BenchResult described, u64 units,
                                 const std::function<Result<double>()>& kernel_ms,
                                 const std::function<Result<double>()>& roof_rate);

}  // namespace shoal::gpu
