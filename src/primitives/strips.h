// What the host knows of strips (team.wgsl): how many elements a workgroup takes.
#pragma once

#include "gpu/device.h"

namespace shoal::primitives {

inline constexpr u32 kStripElements = 4096;

// At least so many elements a workgroup: one strip for each of its subgroups, or one.
u32 strip_elements_per_group(const gpu::Capabilities& capabilities);

// `blocked` where the tuning says that lanes take several quads in a row.
std::vector<std::string_view> strip_features(const gpu::Capabilities& capabilities);

inline u64 strip_count(u32 most_elements) { return divide_round_up(u64{most_elements}, u64{kStripElements}); }

}  // namespace shoal::primitives
