// The benchmarks of this layer; a new primitive adds its own to the list in benches.cpp.
#pragma once

#include <span>

#include "gpu/native/bench.h"

namespace shoal::primitives {

std::span<const gpu::Bench> benches();

gpu::Bench density_bench();
std::span<const gpu::Bench> reduce_benches();

}  // namespace shoal::primitives
