// Which codes occur among elements: bit `code` of the set is 1 when an element that counts has it.
// Method: four rows an invocation at a time; a bit is read before it is set, for after the first rows of a column most
// are, and a load does not wait for its neighbours where an atomic would.
// Moves what the slot reads, one word of the set an element, and one atomic a code and invocation that is first to see
// it.
import package::primitives::blocks::{block_of, rows_per_block};
import package::primitives::elements::Elements;
import slots::{block_passes, elements, row_count};

@group(0) @binding(0) var<storage, read_write> used_codes_set: array<atomic<u32>>;

@compute @workgroup_size(256)
fn used_codes(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
              @builtin(local_invocation_index) lane: u32) {
  let block = block_of(group, grid);
  let rows = row_count();
  if block * rows_per_block >= rows || !block_passes(block) {
    return;
  }
  for (var i = 0u; i < 4u; i++) {
    let row = block * rows_per_block + (i * 256u + lane) * 4u;
    if row >= rows {
      break;
    }
    let four: Elements = elements(row);
    let last = min(4u, rows - row);
    for (var k = 0u; k < last; k++) {
      let word = four.low[k] / 32u;
      let bit = 1u << (four.low[k] % 32u);
      if ((four.present >> k) & 1u) == 1u && (atomicLoad(&used_codes_set[word]) & bit) == 0u {
        atomicOr(&used_codes_set[word], bit);
      }
    }
  }
}
