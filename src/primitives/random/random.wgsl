// Random words from a counter: any of them can be made without those before it.
// Method: Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel Random Numbers: As Easy as 1, 2, 3"), four words of
// one counter. Moves 4 bytes a word.
import package::primitives::blocks::block_of;
import package::primitives::wide::{wide_add, wide_product};

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

fn philox(counter: vec4u) -> vec4u {
  var words = counter;
  var key = params.seed;
  for (var round = 0u; round < 10u; round++) {
    let a = wide_product(words.x, 0xd2511f53u);
    let b = wide_product(words.z, 0xcd9e8d57u);
    words = vec4u(b.y ^ words.y ^ key.x, b.x, a.y ^ words.w ^ key.y, a.x);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return words;
}

@compute @workgroup_size(lanes)
fn random_numbers(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * quads_per_lane + lane;
  for (var i = 0u; i < quads_per_lane; i++) {
    let quad = first + i * lanes;
    if quad * 4u < params.count {
      let low = wide_add(params.first, vec2u(quad, 0u));
      let words = philox(vec4u(low, params.stream));
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
