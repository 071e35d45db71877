// Fills scratch with what no kernel can take for content of its own. Moves 4 bytes a word.
import package::primitives::blocks::block_of;

// host-shareable
struct PoisonParams {
  count: u32,
  poison: u32,
}

@group(0) @binding(0) var<uniform> params: PoisonParams;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;

const lanes = 256u;
const words_per_lane = 16u;

@compute @workgroup_size(lanes)
fn poison(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let start = block_of(group, grid) * lanes * words_per_lane + lane;
  for (var k = 0u; k < words_per_lane; k++) {
    let at = start + k * lanes;
    if at < params.count {
      words[at] = params.poison;
    }
  }
}
