// The states of all rows before each, or up to it, where a state is a struct of somebody else's.
// Method: reduce-then-scan. fold_states.wgsl folds strips of 2,048 rows; scan_partials scans what strips gave, in one workgroup;
// scan_strips folds the rows of each lane again, scans lanes in workgroup memory (Hillis & Steele 1986), and goes over its rows
// once more from there: states are too large to be kept meanwhile.
// Moves what the slot reads twice, of which a lane's rows once more out of the cache, and a state a row; three states a strip.
import package::primitives::blocks::block_of;
import package::primitives::fold_states::state_rows::{folded_rows, lanes, rows_per_lane, rows_per_strip, strips_of};
import slots::{State, combine, identity, lift, partials, result, total};

// host-shareable
struct ScanStatesParams {
  count: u32,
  is_inclusive: u32,
}

@group(0) @binding(0) var<uniform> params: ScanStatesParams;
// The arrays of states follow the struct: states_program declares them behind the caller's text and arrays.

var<workgroup> states: array<State, lanes>;

// What stands before each lane; all of it is left in the last of `states`.
fn scan_lanes(own: State, lane: u32) -> State {
  var through = own;
  states[lane] = own;
  workgroupBarrier();
  for (var reach = 1u; reach < lanes; reach *= 2u) {
    if lane >= reach {
      through = combine(states[lane - reach], through);
    }
    workgroupBarrier();
    states[lane] = through;
    workgroupBarrier();
  }
  if lane == 0u {
    return identity();
  }
  return states[lane - 1u];
}

@compute @workgroup_size(lanes)
fn scan_partials(@builtin(local_invocation_index) lane: u32) {
  let strips = strips_of(params.count);
  let strips_per_lane = (strips + lanes - 1u) / lanes;
  let first = lane * strips_per_lane;
  let end = min(first + strips_per_lane, strips);
  var own = identity();
  for (var strip = first; strip < end; strip++) {
    own = combine(own, partials[strip]);
  }
  var before = scan_lanes(own, lane);
  for (var strip = first; strip < end; strip++) {
    let partial = partials[strip];
    partials[strip] = before;
    before = combine(before, partial);
  }
  if lane == 0u {
    total[0] = states[lanes - 1u];
  }
}

@compute @workgroup_size(lanes)
fn scan_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let strip = block_of(group, grid);
  if strip * rows_per_strip >= params.count {
    return;
  }
  let first = strip * rows_per_strip + lane * rows_per_lane;
  let in_strip = scan_lanes(folded_rows(first, params.count), lane);
  var before = combine(partials[strip], in_strip);
  for (var row = first; row < min(first + rows_per_lane, params.count); row++) {
    let through = combine(before, lift(row));
    if params.is_inclusive != 0u {
      result[row] = through;
    } else {
      result[row] = before;
    }
    before = through;
  }
}
