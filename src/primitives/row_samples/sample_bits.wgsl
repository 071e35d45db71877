// A bit a row, the lowest of a word first, set with the same chance for each: where its random word is below a bound.
// Method: Philox by counter (philox.wgsl), eight times for 32 rows, which a lane makes. Moves an eighth of a byte a row.
import package::primitives::blocks::block_of;
import package::primitives::random::philox::philox;

// host-shareable
struct SampleBitsParams {
  count: u32,
  bound: u32,
  seed: vec2u,    // 64 bits, low first
  stream: vec2u,
  keeps_all: u32,
}

@group(0) @binding(0) var<uniform> params: SampleBitsParams;
@group(0) @binding(1) var<storage, read_write> bits: array<u32>;

const lanes = 128u;

@compute @workgroup_size(lanes)
fn sample_bits(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let word = block_of(group, grid) * lanes + lane;
  if word >= params.count / 32u + select(0u, 1u, params.count % 32u != 0u) {
    return;
  }
  var own = select(0u, 0xffffffffu, params.keeps_all != 0u);
  for (var i = 0u; i < 8u; i++) {
    let is_below = philox(vec4u(word * 8u + i, 0u, params.stream), params.seed) < vec4u(params.bound);
    own |= dot(select(vec4u(0u), vec4u(1u, 2u, 4u, 8u), is_below), vec4u(1u)) << (4u * i);
  }
  bits[word] = own;
}
