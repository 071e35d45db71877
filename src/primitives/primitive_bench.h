// How a primitive is measured: arrays, compilation, then turns with the roof that bounds it.
#pragma once

#include <functional>
#include <vector>

#include "gpu/native/bench.h"

namespace shoal::primitives {

struct PrimitiveBench {
  gpu::BenchResult described;  // name, n, bytes; roof is "read" or "copy"
  std::function<Result<bool>()> prepare;
  std::function<Result<void>(gpu::Frame&)> record;
  std::vector<gpu::View> results =
      {};  // what it writes, of bench_array: forms of a kernel are held against each other
};

Result<gpu::BenchResult> measure(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                                 const PrimitiveBench& bench);

// An array for results, of at least so many bytes. Errors: kInvalidArgument for more than one binding holds.
Result<gpu::View> bench_array(gpu::NativeGpu& gpu, u64 size_bytes);

}  // namespace shoal::primitives
