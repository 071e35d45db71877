// Folds the states that reduce.wgsl left into the first of `result`. One workgroup; 32 bytes a state.
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
fn merge(@builtin(local_invocation_index) lane: u32) {
  var state = reduce_identity();
  for (var i = lane; i < params.state_count; i += 256u) {
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
    result[0] = folded[0];
  }
}
