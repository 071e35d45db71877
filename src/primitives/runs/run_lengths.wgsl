// Lengths of runs from where they begin. It is launched over elements, of which there are at least as many as runs, since
// the last run ends with them. Moves 8 bytes a run.
import package::primitives::blocks::{block_of, rows_per_block};

// host-shareable
struct RunLengthsParams {
  count: u32,  // of elements
}

@group(0) @binding(0) var<uniform> params: RunLengthsParams;
@group(0) @binding(1) var<storage, read_write> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> lengths: array<u32>;
// Not read-only, since it may lie where lengths do.
@group(0) @binding(3) var<storage, read_write> run_count: array<u32>;

const lanes = 256u;

@compute @workgroup_size(lanes)
fn run_lengths(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let runs = run_count[0];
  let begin = block_of(group, grid) * rows_per_block;
  for (var run = begin + lane; run < min(begin + rows_per_block, runs); run += lanes) {
    var end = params.count;
    if run + 1u < runs {
      end = starts[run + 1u];
    }
    lengths[run] = end - starts[run];
  }
}
