// The first k of what was sorted, to where the caller wants them. Moves 16 bytes an element of one word.
import package::primitives::word::Word;

// host-shareable
struct FirstSortedParams {
  count: u32,  // of all elements
  k: u32,
}

@group(0) @binding(0) var<uniform> params: FirstSortedParams;
@group(0) @binding(1) var<storage, read_write> sorted_values: array<Word>;
@group(0) @binding(2) var<storage, read_write> sorted_rows: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<Word>;
@group(0) @binding(4) var<storage, read_write> rows: array<u32>;
@group(0) @binding(5) var<storage, read_write> result_count: array<u32>;

const lanes = 64u;

@compute @workgroup_size(lanes)
fn first_sorted(@builtin(global_invocation_id) at: vec3u) {
  let i = at.x;
  let places = min(params.k, params.count);
  if i < places {
    result[i] = sorted_values[i];
    rows[i] = sorted_rows[i];
  }
  if i == 0u {
    result_count[0] = places;
  }
}
