// One element of every `stride` neighbours: a sample whose ranks tell those of all elements nearly. Stratified sampling; an
// element's place among its neighbours is a hash of the sample's number, so that no pattern in the array meets it, and every
// run takes the same. Moves a sector of memory an element that is taken.
import package::primitives::blocks::block_of;
import package::primitives::samples::sampled_row::{sample_total, sampled_row};
import package::primitives::word::Word;

// host-shareable
struct SamplesParams {
  count: u32,  // of elements
  stride: u32,
}

@group(0) @binding(0) var<uniform> params: SamplesParams;
@group(0) @binding(1) var<storage, read> values: array<Word>;
@group(0) @binding(2) var<storage, read_write> samples: array<Word>;
@group(0) @binding(3) var<storage, read_write> sample_count: array<u32>;

const lanes = 64u;

@compute @workgroup_size(1)
fn note_samples() {
  sample_count[0] = sample_total(params.count, params.stride);
}

@compute @workgroup_size(lanes)
fn take_samples(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let number = block_of(group, grid) * lanes + lane;
  if number < sample_total(params.count, params.stride) {
    samples[number] = values[sampled_row(number, params.count, params.stride)];
  }
}
