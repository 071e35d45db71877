// A team scans what its lanes hold without asking others: a subgroup where there are some, of 4 to 128 lanes, else the
// workgroup. It takes one strip of elements, row by row; in a row each lane has some neighbouring quads.

const workgroup_lanes = 128u;
const strip_elements = 4096u;

// Neighbours in memory go to neighbouring lanes. Software adapters do not care, and workgroups without subgroups pay
// for each row with barriers: those take 16 elements a lane.
@if(blocked || !subgroups)
const quads_per_lane = 4u;

@if(!blocked && subgroups)
const quads_per_lane = 1u;

// How many lanes a team has stands beside it: what a struct holds, compilers do not see to be the same in all lanes.
struct Team {
  lane: u32,
  strip: u32,
}

// `block`: the workgroup's number. Subgroups are runs of lanes, and full.
fn team_of(block: u32, lane: u32, team_lane: u32, team_lanes: u32) -> Team {
  return Team(team_lane, block * (workgroup_lanes / team_lanes) + lane / team_lanes);
}

// Whether all strips of a workgroup lie behind the last one. The host may not know how large subgroups are, so it counts
// on the largest; workgroups may be many more than strips.
fn is_idle(block: u32, team_lanes: u32, count: u32) -> bool {
  return block * (workgroup_lanes / team_lanes) > (count - 1u) / strip_elements;
}

fn row_elements(team_lanes: u32) -> u32 {
  return team_lanes * quads_per_lane * 4u;
}
