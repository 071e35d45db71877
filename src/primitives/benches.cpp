#include "primitives/benches.h"

#include <vector>

namespace shoal::primitives {

std::span<const gpu::Bench> benches() {
  static const std::vector<gpu::Bench> all = [] {
    std::vector<gpu::Bench> list = {density_bench()};
    for (const gpu::Bench& bench : reduce_benches()) list.push_back(bench);
    return list;
  }();
  return all;
}

}  // namespace shoal::primitives
