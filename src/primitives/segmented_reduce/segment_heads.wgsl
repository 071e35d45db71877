// Bits of rows at which segments begin, from offsets. clear_bits is launched over rows, set_bits over segments.
// Moves a bit a row, and 4 bytes a segment.
import package::primitives::blocks::{block_of, rows_per_block};

// host-shareable
struct SegmentHeadsParams {
  count: u32,
  bit_count: u32,  // of set_bits: rows that have one
}

@group(0) @binding(0) var<uniform> params: SegmentHeadsParams;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read_write> bits: array<atomic<u32>>;

const lanes = 128u;

@compute @workgroup_size(lanes)
fn clear_bits(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
              @builtin(local_invocation_index) lane: u32) {
  // Blocks of rows are words of lanes.
  let word = block_of(group, grid) * (rows_per_block / 32u) + lane;
  if word < (params.count + 31u) / 32u {
    atomicStore(&bits[word], 0u);
  }
}

@compute @workgroup_size(lanes)
fn set_bits(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
            @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_block;
  for (var i = begin + lane; i < min(begin + rows_per_block, params.count); i += lanes) {
    // Of each segment its end is the next one's begin; where the first begins something else has ended.
    let end = offsets[i + 1u];
    if end < params.bit_count {
      atomicOr(&bits[end / 32u], 1u << (end % 32u));
    }
    if i == 0u && offsets[0] < params.bit_count {
      atomicOr(&bits[offsets[0] / 32u], 1u << (offsets[0] % 32u));
    }
  }
}
