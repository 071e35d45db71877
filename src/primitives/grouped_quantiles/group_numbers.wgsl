// The group of each row, of rows of no group the number of groups. Moves 8 bytes a row.
import package::primitives::blocks::{block_of, rows_per_block};

// host-shareable
struct GroupNumbersParams {
  count: u32,
  group_count: u32,
}

@group(0) @binding(0) var<uniform> params: GroupNumbersParams;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read_write> numbers: array<u32>;

const lanes = 256u;

@compute @workgroup_size(lanes)
fn number_groups(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                 @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_block;
  for (var row = begin + lane; row < min(begin + rows_per_block, params.count); row += lanes) {
    numbers[row] = min(codes[row], params.group_count);
  }
}
