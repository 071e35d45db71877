// The atomic roof: how many counts a second can be added at random places of an array as large as a picture.
// Method: 16 adds an invocation, each at the hash of its number; nothing is read, so that only the adds count.
// The hash: Jarzynski & Olano 2020, "Hash Functions for GPU Rendering" (pcg).

const adds_per_invocation = 16u;
const picture_words = 600000u;  // 1000 x 600

@group(0) @binding(0) var<storage, read_write> picture: array<atomic<u32>>;

fn hash(value: u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

@compute @workgroup_size(256)
fn atomic_roof(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * 256u * adds_per_invocation + lane;
  for (var i = 0u; i < adds_per_invocation; i++) {
    atomicAdd(&picture[hash(first + i * 256u) % picture_words], 1u);
  }
}
