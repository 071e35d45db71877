// Elements taken from where an array of indices says, or put there.
// Method: neighbouring lanes take neighbouring indices; what lies behind them goes as memory will have it.
// Moves 12 bytes an element of one word (index, element in, element out), 20 of two.
import package::primitives::blocks::block_of;
import package::primitives::word::Word;

// host-shareable
struct GatherParams {
  count: u32,
  place_count: u32,  // elements that indices can name
}

@group(0) @binding(0) var<uniform> params: GatherParams;
@group(0) @binding(1) var<storage, read> indices: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<Word>;
@group(0) @binding(3) var<storage, read_write> result: array<Word>;

const lanes = 256u;
const elements_per_lane = 4u;

@compute @workgroup_size(lanes)
fn gather(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * elements_per_lane + lane;
  for (var k = 0u; k < elements_per_lane; k++) {
    let at = first + k * lanes;
    if at < params.count {
      let index = indices[at];
      let found = values[min(index, params.place_count - 1u)];
      result[at] = select(Word(), found, index < params.place_count);
    }
  }
}

@compute @workgroup_size(lanes)
fn scatter(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
           @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * elements_per_lane + lane;
  for (var k = 0u; k < elements_per_lane; k++) {
    let at = first + k * lanes;
    if at < params.count {
      let index = indices[at];
      if index < params.place_count {
        result[index] = values[at];
      }
    }
  }
}
