// Which form of the sort a device runs, and how large its workgroups are.
#pragma once

#include <algorithm>

#include "gpu/capabilities.h"
#include "primitives/tuning/tuning.h"

namespace shoal::primitives {

struct SortTuning {
  bool is_staged = false;    // staged_sort.wgsl, else sort.wgsl
  u32 lanes = 0;             // of a workgroup where there are subgroups
  u32 least_team_lanes = 0;  // of a subgroup, where staged
  // Staged: a subgroup's atomics on workgroup memory come one after the other, in the one order of its lanes.
  bool is_lockstep = false;
  u32 digit_bits = 8;

  u32 tile_keys(bool is_wide) const { return is_staged ? lanes * (is_wide ? 11 : 22) : 4096; }
  // Of workgroup memory, where staged: keys or counts, digits' shifts, subgroups' sums.
  u32 staged_bytes() const {
    const u32 teams = lanes / least_team_lanes;
    return 4 * (std::max(lanes * 22, teams * 256) + 256 + teams);
  }
};

inline SortTuning sort_tuning(const gpu::Capabilities& capabilities) {
  const gpu::Features& features = capabilities.features;
  if (!features.subgroups) return {.digit_bits = 4};
  const auto [is_staged, teams] = tuning(capabilities, Tunable::kSort).values;
  const u32 told = features.subgroup_min_size;
  // Where an adapter does not tell, NVIDIA's have 32 lanes, and some of Intel's have 8.
  const bool is_nvidia = capabilities.name.starts_with("NVIDIA");
  const u32 least = told != 0 ? told : is_nvidia ? 32 : 8;
  const SortTuning staged{.is_staged = true,
                          .lanes = std::clamp(teams * least, 32u, 256u),
                          .least_team_lanes = least,
                          .is_lockstep = is_nvidia};
  const bool fits = capabilities.limits.max_workgroup_storage_bytes >= staged.staged_bytes();
  if (is_staged != 0 && fits) return staged;
  // Eight subgroups' counts fit into 8 KiB. The smallest subgroups make the most of them; where an adapter does not
  // tell, a software one has about 8 lanes, and a GPU rarely fewer than 32: with more than eight some stay idle.
  const u32 smallest = told != 0 ? told : capabilities.type == gpu::AdapterType::kSoftware ? 8 : 32;
  return {.lanes = std::clamp(std::min(teams, 8u) * smallest, 32u, 256u)};
}

}  // namespace shoal::primitives
