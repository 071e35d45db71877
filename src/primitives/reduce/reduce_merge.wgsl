// Folds states that reduce.wgsl left: each workgroup its share of them, which lie together, into one of `result`. Many
// states are folded twice, by many workgroups and then by one: one alone took longer over 2^15 states than the elements
// did before (0.1 ms on an H100). Moves 32 bytes a state.
import package::primitives::reduce::reduce_state::{ReduceState, reduce_identity, reduce_merge};

// host-shareable
struct MergeParams {
  state_count: u32,
}

@group(0) @binding(0) var<uniform> params: MergeParams;
@group(0) @binding(1) var<storage, read> states: array<ReduceState>;
@group(0) @binding(2) var<storage, read_write> result: array<ReduceState>;

var<workgroup> folded: array<ReduceState, 256>;

@compute @workgroup_size(256)
fn merge(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
         @builtin(local_invocation_index) lane: u32) {
  let share = (params.state_count + grid.x - 1u) / grid.x;
  let end = min((group.x + 1u) * share, params.state_count);
  var state = reduce_identity();
  for (var i = group.x * share + lane; i < end; i += 256u) {
    state = reduce_merge(state, states[i]);
  }
  folded[lane] = state;
  workgroupBarrier();
  for (var reach = 128u; reach > 0u; reach /= 2u) {
    if lane < reach {
      folded[lane] = reduce_merge(folded[lane], folded[lane + reach]);
    }
    workgroupBarrier();
  }
  if lane == 0u {
    result[group.x] = folded[0];
  }
}
