// Before a look-back: no tile is taken, and none has said anything. Where there is nothing, the total is what nothing has.
// Moves 8 bytes a tile.
import slots::identity;

// host-shareable
struct ClearTilesParams {
  count: u32,  // of elements
  tile_elements: u32,
}

@group(0) @binding(0) var<uniform> params: ClearTilesParams;
@group(0) @binding(1) var<storage, read_write> tiles: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> total: array<u32>;

@compute @workgroup_size(256)
fn clear_tiles(@builtin(global_invocation_id) id: vec3u) {
  let count = params.count / params.tile_elements + select(0u, 1u, params.count % params.tile_elements != 0u);
  if id.x <= count {
    tiles[id.x] = vec2u(0u);
  }
  if id.x == 0u && count == 0u {
    total[0] = identity();
  }
}
