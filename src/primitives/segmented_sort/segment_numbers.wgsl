// Of each row how many offsets stand at or before it: 0 before the first segment, i + 1 in segment i.
// Method: a workgroup takes 4,096 rows and finds by binary search which offsets lie among them; each row searches those.
// Moves 4 bytes a row, and 4 a segment.
import package::primitives::blocks::{block_of, rows_per_block};

// host-shareable
struct SegmentNumbersParams {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: SegmentNumbersParams;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read_write> segment_count: array<u32>;
@group(0) @binding(3) var<storage, read_write> numbers: array<u32>;

const lanes = 256u;

// The first offset past a row, of those from `first` up to `end`.
fn offset_past(row: u32, first: u32, end: u32) -> u32 {
  var low = first;
  var high = end;
  while low < high {
    let middle = low + (high - low) / 2u;
    let is_past = offsets[middle] > row;
    low = select(middle + 1u, low, is_past);
    high = select(high, middle, is_past);
  }
  return low;
}

@compute @workgroup_size(lanes)
fn number_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_block;
  if begin >= params.count {
    return;
  }
  let end = begin + min(rows_per_block, params.count - begin);
  let first = offset_past(begin, 0u, segment_count[0] + 1u);
  let last = offset_past(end - 1u, first, segment_count[0] + 1u);
  for (var row = begin + lane; row < end; row += lanes) {
    numbers[row] = offset_past(row, first, last);
  }
}
