// Sums over the lanes of a team: of those left of each lane, and of all.
import package::primitives::team::{Team, workgroup_lanes};

struct TeamAdd {
  before: u32,
  total: u32,
}

@if(subgroups)
fn team_add(team: Team, team_lanes: u32, own: u32) -> TeamAdd {
  let before = subgroupExclusiveAdd(own);
  return TeamAdd(before, subgroupShuffle(before + own, team_lanes - 1u));
}

@if(!subgroups)
var<workgroup> team_sums: array<u32, workgroup_lanes>;

@if(!subgroups)
fn team_add(team: Team, team_lanes: u32, own: u32) -> TeamAdd {
  var inclusive = own;
  team_sums[team.lane] = own;
  workgroupBarrier();
  for (var reach = 1u; reach < workgroup_lanes; reach *= 2u) {
    let left = team_sums[max(team.lane, reach) - reach];
    workgroupBarrier();
    inclusive += select(0u, left, team.lane >= reach);
    team_sums[team.lane] = inclusive;
    workgroupBarrier();
  }
  let total = team_sums[workgroup_lanes - 1u];
  workgroupBarrier();
  return TeamAdd(inclusive - own, total);
}
