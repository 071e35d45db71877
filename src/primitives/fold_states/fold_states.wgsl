// The states of all rows combined into one, where a state is a struct of somebody else's.
// Method: a workgroup takes a strip of 2,048 rows; a lane combines 16 neighbours in their order, then lanes are combined in
// pairs in workgroup memory, the left one first. A workgroup does so with what the strips gave.
// Moves what the slot reads, and a state a strip twice.
import package::primitives::blocks::block_of;
import package::primitives::fold_states::state_rows::{folded_rows, lanes, rows_per_lane, rows_per_strip, strips_of};
import slots::{State, combine, identity, partials, result};

// host-shareable
struct FoldStatesParams {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: FoldStatesParams;
// The arrays of states follow the struct: fold_states.cpp declares them behind the caller's text and arrays.

var<workgroup> states: array<State, lanes>;

// All lanes', at lane 0.
fn combine_lanes(own: State, lane: u32) -> State {
  states[lane] = own;
  workgroupBarrier();
  for (var reach = 1u; reach < lanes; reach *= 2u) {
    if lane % (2u * reach) == 0u {
      states[lane] = combine(states[lane], states[lane + reach]);
    }
    workgroupBarrier();
  }
  return states[0];
}

@compute @workgroup_size(lanes)
fn fold_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let strip = block_of(group, grid);
  if strip * rows_per_strip >= params.count {
    return;
  }
  let all = combine_lanes(folded_rows(strip * rows_per_strip + lane * rows_per_lane, params.count), lane);
  if lane == 0u {
    partials[strip] = all;
  }
}

@compute @workgroup_size(lanes)
fn fold_partials(@builtin(local_invocation_index) lane: u32) {
  let strips = strips_of(params.count);
  let strips_per_lane = (strips + lanes - 1u) / lanes;
  var own = identity();
  let first = lane * strips_per_lane;
  for (var strip = first; strip < min(first + strips_per_lane, strips); strip++) {
    own = combine(own, partials[strip]);
  }
  let all = combine_lanes(own, lane);
  if lane == 0u {
    result[0] = all;
  }
}
