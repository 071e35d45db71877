// The read roof: how fast a kernel can take in memory when it does next to nothing with it.
// Method: 16 loads of four words an invocation, one sum a workgroup, so that no load can be left out.
// Moves 4 bytes an element, and 4 bytes a workgroup of 16,384 elements.

const loads_per_invocation = 16u;

@group(0) @binding(0) var<storage, read> words: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;

var<workgroup> sum: atomic<u32>;

@compute @workgroup_size(256)
fn read_roof(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  // wgpu-native does not clear workgroup memory in trusted modules.
  if lane == 0u {
    atomicStore(&sum, 0u);
  }
  workgroupBarrier();
  let first = group.x * 256u * loads_per_invocation + lane;
  var four = vec4u(0u);
  for (var i = 0u; i < loads_per_invocation; i++) {
    four += words[first + i * 256u];
  }
  atomicAdd(&sum, four.x + four.y + four.z + four.w);
  workgroupBarrier();
  if lane == 0u {
    sums[group.x] = atomicLoad(&sum);
  }
}
