// The codes of the rows that compact picked from a chunk, put behind those of the chunks before, up to a limit.
// Moves 4 bytes for each row and, for each of its columns, its code read and 8 bytes written.
import package::table::columns::{validity_bits, wide_code};

const head_words = 64u;  // 256 bytes, so that what lies behind may be bound on its own

// host-shareable
struct TakeParams {
  limit: u32,        // rows that there is room for
  columns: u32,      // slots that hold a column
  first_word: u32,   // of taken_rows: the codes of slot 0, two words a row, then those of slot 1, ...
  valid_word: u32,   // a word a row: bit `slot` is 1 where the column is not null
}

@group(0) @binding(0) var<uniform> params: TakeParams;
@group(0) @binding(1) var<storage, read> picked: array<u32>;            // how many, then from head_words on their rows
@group(0) @binding(2) var<storage, read_write> taken_rows: array<u32>;  // how many, how many there were (two words)

@compute @workgroup_size(256)
fn take_rows(@builtin(global_invocation_id) id: vec3u) {
  let place = taken_rows[0] + id.x;
  if id.x >= picked[0] || place >= params.limit {
    return;
  }
  let row = picked[head_words + id.x];
  var valid = 0u;
  for (var slot = 0u; slot < params.columns; slot++) {
    let code = wide_code(slot, row);
    let word = params.first_word + 2u * (slot * params.limit + place);
    taken_rows[word] = code.x;
    taken_rows[word + 1u] = code.y;
    valid |= ((validity_bits(slot, row - row % 4u) >> (row % 4u)) & 1u) << slot;
  }
  taken_rows[params.valid_word + place] = valid;
}

// Behind every take of a chunk.
@compute @workgroup_size(1)
fn count_rows() {
  taken_rows[0] = min(params.limit, taken_rows[0] + picked[0]);
  let low = taken_rows[1] + picked[0];
  taken_rows[2] += select(0u, 1u, low < picked[0]);
  taken_rows[1] = low;
}
