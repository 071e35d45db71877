// What stands left of each lane of a team, joined in order, and all of it.
import package::primitives::state::{State, choose, join, no_state};
import package::primitives::team::{Team, workgroup_lanes};

struct TeamScan {
  before: State,
  total: State,
}

@if(subgroups && segmented)
fn state_of_left(state: State, reach: u32) -> State {
  return State(subgroupShuffleUp(state.value, reach), subgroupShuffleUp(state.heads, reach));
}

@if(subgroups && !segmented)
fn state_of_left(state: State, reach: u32) -> State {
  return State(subgroupShuffleUp(state.value, reach));
}

@if(subgroups && segmented)
fn state_of_lane(state: State, lane: u32) -> State {
  return State(subgroupShuffle(state.value, lane), subgroupShuffle(state.heads, lane));
}

@if(subgroups && !segmented)
fn state_of_lane(state: State, lane: u32) -> State {
  return State(subgroupShuffle(state.value, lane));
}

@if(subgroups)
fn team_scan(team: Team, team_lanes: u32, own: State) -> TeamScan {
  var inclusive = own;
  for (var reach = 1u; reach < team_lanes; reach *= 2u) {
    inclusive = choose(inclusive, join(state_of_left(inclusive, reach), inclusive), team.lane >= reach);
  }
  return TeamScan(choose(state_of_left(inclusive, 1u), no_state(), team.lane == 0u),
                  state_of_lane(inclusive, team_lanes - 1u));
}

@if(!subgroups)
var<workgroup> team_states: array<State, workgroup_lanes>;

@if(!subgroups)
fn team_scan(team: Team, team_lanes: u32, own: State) -> TeamScan {
  var inclusive = own;
  team_states[team.lane] = own;
  workgroupBarrier();
  for (var reach = 1u; reach < workgroup_lanes; reach *= 2u) {
    let left = team_states[max(team.lane, reach) - reach];
    workgroupBarrier();
    inclusive = choose(inclusive, join(left, inclusive), team.lane >= reach);
    team_states[team.lane] = inclusive;
    workgroupBarrier();
  }
  let left = team_states[max(team.lane, 1u) - 1u];
  let total = team_states[workgroup_lanes - 1u];
  workgroupBarrier();
  return TeamScan(choose(left, no_state(), team.lane == 0u), total);
}
