// Exclusive scan of what strips have, in place, and the total: the middle of every reduce-then-scan.
// Method: one workgroup goes over the partials, 32 a lane at a time, each lane one after the other; between them
// Hillis & Steele 1986. Moves 8 bytes a strip of 4,096 elements.
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

const partials_per_lane = 32u;

var<workgroup> lane_states: array<State, workgroup_lanes>;

@compute @workgroup_size(workgroup_lanes)
fn scan_partials(@builtin(local_invocation_index) lane: u32) {
  let strips = params.count / strip_elements + select(0u, 1u, params.count % strip_elements != 0u);
  var carry = no_state();
  for (var first = 0u; first < strips; first += workgroup_lanes * partials_per_lane) {
    let begin = min(strips, first + lane * partials_per_lane);
    let end = min(strips, begin + partials_per_lane);
    var own = no_state();
    for (var i = begin; i < end; i++) {
      own = join(own, partials[i]);
    }
    lane_states[lane] = own;
    workgroupBarrier();
    for (var reach = 1u; reach < workgroup_lanes; reach *= 2u) {
      let left = lane_states[max(lane, reach) - reach];
      workgroupBarrier();
      own = choose(own, join(left, own), lane >= reach);
      lane_states[lane] = own;
      workgroupBarrier();
    }
    var before = join(carry, choose(lane_states[max(lane, 1u) - 1u], no_state(), lane == 0u));
    carry = join(carry, lane_states[workgroup_lanes - 1u]);
    for (var i = begin; i < end; i++) {
      let partial = partials[i];
      partials[i] = before;
      before = join(before, partial);
    }
    workgroupBarrier();
  }
  if lane == 0u {
    total[0] = carry.value;
    @if(segmented)
    segment_count[0] = carry.heads;
  }
}
