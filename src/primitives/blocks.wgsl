// How rows are dealt out: in blocks, which a workgroup takes whole.

const rows_per_block = 4096u;

// Grids have two dimensions, since one has at most 65,535 workgroups.
fn block_of(group: vec3u, grid: vec3u) -> u32 {
  return group.x + group.y * grid.x;
}
