// Count, exact sum, minimum and maximum of unsigned integers, in one pass over them.
// Method: one workgroup takes one block of 4,096 elements; each invocation folds 16 of them in registers, the
// workgroup folds the rest in a tree, and one state a block goes to memory; reduce_merge.wgsl folds those.
// Moves what the slot reads, and 32 bytes a block. Integer sums make the result the same in every order.
import package::primitives::reduce::reduce_state::{ReduceState, reduce_identity, reduce_merge};
import package::primitives::blocks::{block_of, rows_per_block};
import package::primitives::elements::Elements;
import slots::{block_passes, elements, first_block, row_count};

@group(0) @binding(0) var<storage, read_write> states: array<ReduceState>;

var<workgroup> folded: array<ReduceState, 256>;

@compute @workgroup_size(256)
fn reduce(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let block = block_of(group, grid);
  let rows = row_count();
  if block * rows_per_block >= rows {
    return;
  }
  var state = reduce_identity();
  if block_passes(block) {
    for (var i = 0u; i < 4u; i++) {
      let row = block * rows_per_block + (i * 256u + lane) * 4u;
      if row >= rows {
        break;
      }
      let four: Elements = elements(row);
      let last = min(4u, rows - row);
      for (var k = 0u; k < last; k++) {
        if ((four.present >> k) & 1u) == 1u {
          @if(wide)
          let value = vec2u(four.low[k], four.high[k]);
          @else
          let value = vec2u(four.low[k], 0u);
          state = reduce_merge(state, ReduceState(value, value, value, 0u, 1u));
        }
      }
    }
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
    states[first_block() + block] = folded[0];
  }
}
