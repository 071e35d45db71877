#include "primitives/benches.h"

#include <vector>

namespace shoal::primitives {

std::span<const gpu::Bench> benches() {
  static const std::vector<gpu::Bench> all = [] {
    std::vector<gpu::Bench> list;
    for (const auto& benches_of : {density_benches,
                                   point_density_benches,
                                   reduce_benches,
                                   scan_benches,
                                   scan_states_benches,
                                   fold_benches,
                                   fold_states_benches,
                                   reduce_by_key_benches,
                                   arg_extreme_benches,
                                   compact_benches,
                                   runs_benches,
                                   sort_benches,
                                   sum_floats_benches,
                                   histogram_benches,
                                   hybrid_decode_benches,
                                   quantiles_benches,
                                   top_k_benches,
                                   distinct_benches,
                                   merge_benches,
                                   segmented_reduce_benches,
                                   segmented_sort_benches,
                                   group_by_benches,
                                   grouped_quantiles_benches,
                                   envelope_benches,
                                   morton_benches,
                                   random_benches,
                                   row_samples_benches,
                                   unpack_benches,
                                   delta_decode_benches}) {
      for (const gpu::Bench& bench : benches_of()) list.push_back(bench);
    }
    return list;
  }();
  return all;
}

}  // namespace shoal::primitives
