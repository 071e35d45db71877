// Which rows of a chunk count: a bit a row, the lowest of a word first, as primitives/selection reads them.
// Method: 32 rows an invocation, so that each word is written once and by one.
// Moves what the slot reads, and a bit a row.
import package::primitives::blocks::{block_of, rows_per_block};
import package::primitives::elements::Elements;
import slots::{block_passes, elements, row_count};

@group(0) @binding(0) var<storage, read_write> row_bits: array<u32>;

@compute @workgroup_size(128)
fn mark_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
             @builtin(local_invocation_index) lane: u32) {
  let block = block_of(group, grid);
  let first = block * rows_per_block + 32u * lane;
  let rows = row_count();
  if first >= rows {
    return;
  }
  var bits = 0u;
  if block_passes(block) {
    let end = min(rows, first + 32u);
    for (var row = first; row < end; row += 4u) {
      let four: Elements = elements(row);
      bits |= (four.present & ((1u << min(4u, end - row)) - 1u)) << (row - first);
    }
  }
  row_bits[first / 32u] = bits;
}
