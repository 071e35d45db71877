#include "primitives/benches.h"

#include <vector>

namespace shoal::primitives {

std::span<const gpu::Bench> benches() {
  static const std::vector<gpu::Bench> all = [] {
    std::vector<gpu::Bench> list;
    for (const gpu::Bench& bench : density_benches()) list.push_back(bench);
    for (const gpu::Bench& bench : reduce_benches()) list.push_back(bench);
    return list;
  }();
  return all;
}

}  // namespace shoal::primitives
