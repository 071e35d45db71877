// Exclusive scan of what strips have, in place, and the total: the middle of every reduce-then-scan.
// Method: the same again, over chunks of 1,024 partials. sum_chunks writes what each chunk has behind the partials, and
// scan_chunks joins in each workgroup those before its own. In a workgroup: eight a lane, one after the other; between lanes
// Hillis & Steele 1986. Where all are one chunk, scan_chunks does alone. Moves 12 bytes a strip of 4,096 elements.
import package::primitives::state::{State, choose, join, no_state};
import package::primitives::team::{strip_elements, workgroup_lanes};
import package::primitives::word::Word;

// host-shareable
struct ScanPartialsParams {
  count: u32,  // of elements
}

@group(0) @binding(0) var<uniform> params: ScanPartialsParams;
@group(0) @binding(1) var<storage, read_write> partials: array<State>;
@group(0) @binding(2) var<storage, read_write> total: array<Word>;
@if(segmented) @group(0) @binding(3) var<storage, read_write> segment_count: array<u32>;

const partials_per_lane = 8u;
const chunk_partials = workgroup_lanes * partials_per_lane;

var<workgroup> lane_states: array<State, workgroup_lanes>;

struct Around {
  before: State,  // of the lanes left of this one
  all: State,
}

fn scan_lanes(lane: u32, own: State) -> Around {
  var inclusive = own;
  lane_states[lane] = own;
  workgroupBarrier();
  for (var reach = 1u; reach < workgroup_lanes; reach *= 2u) {
    let left = lane_states[max(lane, reach) - reach];
    workgroupBarrier();
    inclusive = choose(inclusive, join(left, inclusive), lane >= reach);
    lane_states[lane] = inclusive;
    workgroupBarrier();
  }
  let before = choose(lane_states[max(lane, 1u) - 1u], no_state(), lane == 0u);
  let all = lane_states[workgroup_lanes - 1u];
  workgroupBarrier();
  return Around(before, all);
}

fn strips() -> u32 {
  return params.count / strip_elements + select(0u, 1u, params.count % strip_elements != 0u);
}

fn joined(begin: u32, end: u32) -> State {
  var own = no_state();
  for (var i = begin; i < end; i++) {
    own = join(own, partials[i]);
  }
  return own;
}

@compute @workgroup_size(workgroup_lanes)
fn sum_chunks(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  if group.x * chunk_partials >= strips() {
    return;
  }
  let begin = min(strips(), group.x * chunk_partials + lane * partials_per_lane);
  let around = scan_lanes(lane, joined(begin, min(strips(), begin + partials_per_lane)));
  if lane == 0u {
    partials[strips() + group.x] = around.all;
  }
}

@compute @workgroup_size(workgroup_lanes)
fn scan_chunks(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  // The first says the total where there is nothing.
  if group.x != 0u && group.x * chunk_partials >= strips() {
    return;
  }
  // There are at most 1,024 chunks.
  let first_chunk = strips() + lane * partials_per_lane;
  let last_chunk = strips() + group.x;
  let chunks = scan_lanes(lane, joined(min(first_chunk, last_chunk), min(first_chunk + partials_per_lane, last_chunk)));
  let begin = min(strips(), group.x * chunk_partials + lane * partials_per_lane);
  let end = min(strips(), begin + partials_per_lane);
  let around = scan_lanes(lane, joined(begin, end));
  var before = join(chunks.all, around.before);
  for (var i = begin; i < end; i++) {
    let partial = partials[i];
    partials[i] = before;
    before = join(before, partial);
  }
  if lane == 0u && (group.x + 1u) * chunk_partials >= strips() {
    let all = join(chunks.all, around.all);
    total[0] = all.value;
    @if(segmented)
    segment_count[0] = all.heads;
  }
}
