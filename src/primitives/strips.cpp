#include "primitives/strips.h"

#include <algorithm>

#include "primitives/tuning/tuning.h"

namespace shoal::primitives {
namespace {

constexpr u32 kWorkgroupLanes = 128;  // team.wgsl's workgroup_lanes

}  // namespace

u32 strip_elements_per_group(const gpu::Capabilities& capabilities) {
  if (!capabilities.features.subgroups) return kStripElements;
  // Some adapters do not tell; superfluous workgroups end at once.
  const u32 told = capabilities.features.subgroup_max_size;
  const u32 largest = told == 0 ? kWorkgroupLanes : std::clamp(told, 4u, kWorkgroupLanes);
  return kStripElements * (kWorkgroupLanes / largest);
}

std::vector<std::string_view> strip_features(const gpu::Capabilities& capabilities) {
  if (tuning(capabilities, Tunable::kStrips).values[0] != 0) return {"blocked"};
  return {};
}

}  // namespace shoal::primitives
