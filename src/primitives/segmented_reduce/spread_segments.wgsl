// What segments combine to, from what runs of rows between heads do: a segment of rows is the run that begins where it
// does, found by binary search; one of none is the identity. Moves 8 bytes a segment and its search.
import package::primitives::blocks::{block_of, rows_per_block};
import package::primitives::word::Word;
import slots::identity;

// host-shareable
struct SpreadSegmentsParams {
  count: u32,  // of segments
}

@group(0) @binding(0) var<uniform> params: SpreadSegmentsParams;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read_write> starts: array<u32>;
@group(0) @binding(3) var<storage, read_write> run_count: array<u32>;
@group(0) @binding(4) var<storage, read_write> reduced: array<Word>;
@group(0) @binding(5) var<storage, read_write> result: array<Word>;

const lanes = 128u;

@compute @workgroup_size(lanes)
fn spread_segments(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                   @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_block;
  let runs = run_count[0];
  for (var i = begin + lane; i < min(begin + rows_per_block, params.count); i += lanes) {
    let first_row = offsets[i];
    var word = identity();
    if first_row < offsets[i + 1u] {
      var low = 0u;
      var high = runs;
      while low + 1u < high {
        let middle = low + (high - low) / 2u;
        let is_left = starts[middle] <= first_row;
        low = select(low, middle, is_left);
        high = select(middle, high, is_left);
      }
      word = reduced[low];
    }
    result[i] = word;
  }
}
