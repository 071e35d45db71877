// How rows are dealt out: a workgroup of 256 invocations takes one block, 16 rows an invocation.

const rows_per_block = 4096u;

// Grids have two dimensions, since one has at most 65,535 workgroups.
fn block_of(group: vec3u, grid: vec3u) -> u32 {
  return group.x + group.y * grid.x;
}
