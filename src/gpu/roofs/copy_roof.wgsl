// The copy roof: how fast a kernel can take in memory and write it elsewhere.
// Moves 8 bytes an element (4 read, 4 written).

const copies_per_invocation = 16u;

@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> destination: array<vec4u>;

@compute @workgroup_size(256)
fn copy_roof(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * 256u * copies_per_invocation + lane;
  for (var i = 0u; i < copies_per_invocation; i++) {
    destination[first + i * 256u] = source[first + i * 256u];
  }
}
