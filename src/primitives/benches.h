// The benchmarks of this layer; a new primitive adds its own to the list in benches.cpp.
#pragma once

#include <span>

#include "gpu/native/bench.h"

namespace shoal::primitives {

std::span<const gpu::Bench> benches();

std::span<const gpu::Bench> arg_extreme_benches();
std::span<const gpu::Bench> compact_benches();
std::span<const gpu::Bench> delta_decode_benches();
std::span<const gpu::Bench> density_benches();
std::span<const gpu::Bench> distinct_benches();
std::span<const gpu::Bench> envelope_benches();
std::span<const gpu::Bench> fold_benches();
std::span<const gpu::Bench> fold_states_benches();
std::span<const gpu::Bench> group_by_benches();
std::span<const gpu::Bench> grouped_quantiles_benches();
std::span<const gpu::Bench> histogram_benches();
std::span<const gpu::Bench> hybrid_decode_benches();
std::span<const gpu::Bench> merge_benches();
std::span<const gpu::Bench> morton_benches();
std::span<const gpu::Bench> point_density_benches();
std::span<const gpu::Bench> quantiles_benches();
std::span<const gpu::Bench> random_benches();
std::span<const gpu::Bench> reduce_benches();
std::span<const gpu::Bench> reduce_by_key_benches();
std::span<const gpu::Bench> row_samples_benches();
std::span<const gpu::Bench> runs_benches();
std::span<const gpu::Bench> scan_benches();
std::span<const gpu::Bench> scan_states_benches();
std::span<const gpu::Bench> segmented_reduce_benches();
std::span<const gpu::Bench> segmented_sort_benches();
std::span<const gpu::Bench> sort_benches();
std::span<const gpu::Bench> sum_floats_benches();
std::span<const gpu::Bench> top_k_benches();
std::span<const gpu::Bench> unpack_benches();

}  // namespace shoal::primitives
