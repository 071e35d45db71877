// What sorting by number needs besides sorts: the numbers of rows, 4 bytes each, and numbers taken from where rows say,
// 12 bytes each.
import package::primitives::blocks::{block_of, rows_per_block};

// host-shareable
struct SortByNumberParams {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: SortByNumberParams;
@group(0) @binding(1) var<storage, read_write> numbers: array<u32>;
@group(0) @binding(2) var<storage, read_write> rows: array<u32>;
@group(0) @binding(3) var<storage, read_write> taken: array<u32>;

const lanes = 256u;

@compute @workgroup_size(lanes)
fn write_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
              @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_block;
  for (var row = begin + lane; row < min(begin + rows_per_block, params.count); row += lanes) {
    rows[row] = row;
  }
}

@compute @workgroup_size(lanes)
fn take_numbers(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_block;
  for (var i = begin + lane; i < min(begin + rows_per_block, params.count); i += lanes) {
    taken[i] = numbers[rows[i]];
  }
}
