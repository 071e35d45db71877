// Numbers of any width that lie bit by bit one after the other, the lowest bit first, as in Parquet's bit-packed runs.
// Method: a lane a number, from the two words that can hold it. Moves 4 bytes a number and its bits.
import package::primitives::blocks::block_of;

// host-shareable
struct UnpackParams {
  count: u32,
  bits: u32,  // 1 to 32
}

@group(0) @binding(0) var<uniform> params: UnpackParams;
@group(0) @binding(1) var<storage, read> packed: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;

const lanes = 256u;
const numbers_per_lane = 4u;

@compute @workgroup_size(lanes)
fn unpack(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * numbers_per_lane + lane;
  let mask = 0xffffffffu >> (32u - params.bits);
  for (var k = 0u; k < numbers_per_lane; k++) {
    let at = first + k * lanes;
    if at < params.count {
      // 32 numbers are as many words as a number has bits; all bits together may be more than a word can count.
      let bit = (at % 32u) * params.bits;
      let word = (at / 32u) * params.bits + bit / 32u;
      let shift = bit % 32u;
      let low = packed[word] >> shift;
      var high = 0u;
      if shift + params.bits > 32u {
        high = packed[word + 1u] << (32u - shift);
      }
      result[at] = (low | high) & mask;
    }
  }
}
