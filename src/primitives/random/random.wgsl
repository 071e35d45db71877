// Random words from a counter (philox.wgsl): any of them can be made without those before it. Moves 4 bytes a word.
import package::primitives::blocks::block_of;
import package::primitives::random::philox::philox;
import package::primitives::wide::wide_add;

// host-shareable
struct RandomParams {
  count: u32,
  are_floats: u32,
  seed: vec2u,     // 64 bits, low first
  first: vec2u,    // counter of the first four words, low first
  stream: vec2u,   // the counter's upper half
}

@group(0) @binding(0) var<uniform> params: RandomParams;
@group(0) @binding(1) var<storage, read_write> result: array<vec4u>;

const lanes = 256u;
const quads_per_lane = 4u;

@compute @workgroup_size(lanes)
fn random_numbers(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * quads_per_lane + lane;
  for (var i = 0u; i < quads_per_lane; i++) {
    let quad = first + i * lanes;
    if quad * 4u < params.count {
      let low = wide_add(params.first, vec2u(quad, 0u));
      let words = philox(vec4u(low, params.stream), params.seed);
      // The upper 24 bits: every multiple of 2^-24 below 1 alike, whatever the adapter's rounding.
      let floats = bitcast<vec4u>(vec4f(words >> vec4u(8u)) * (1.0 / 16777216.0));
      let four = select(words, floats, vec4<bool>(params.are_floats != 0u));
      if quad * 4u + 4u <= params.count {
        result[quad] = four;
      } else {
        for (var k = 0u; k < params.count - quad * 4u; k++) {
          result[quad][k] = four[k];
        }
      }
    }
  }
}
