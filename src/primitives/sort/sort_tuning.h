// How many lanes a workgroup of the sort has: as many as give it eight subgroups, whose counts fit into 8 KiB, and
// 256 at most.
#pragma once

#include <algorithm>

#include "gpu/capabilities.h"

namespace shoal::primitives {

inline constexpr u32 kSortTileKeys = 4096;  // sort.wgsl's tile_keys

// The smallest subgroups make the most of them; where an adapter does not tell, a software one has about 8 lanes,
// and a GPU rarely fewer than 32: with more than eight subgroups some stay idle.
inline u32 sort_lanes(const gpu::Capabilities& capabilities) {
  const u32 told = capabilities.features.subgroup_min_size;
  const u32 smallest = told != 0 ? told : capabilities.type == gpu::AdapterType::kSoftware ? 8 : 32;
  return std::clamp(8 * smallest, 32u, 256u);
}

inline u32 sort_digit_bits(const gpu::Capabilities& capabilities) {
  return capabilities.features.subgroups ? 8 : 4;
}

}  // namespace shoal::primitives
