// The slots of primitives/density over a plain array: one word a row, its bin or why it has none. With `packed` a word
// is a point, 16 bits of x below 16 bits of y, and bins are 1000 x 600 over their whole range.

// host-shareable
struct PointParams {
  rows: u32,
  skipped_block: u32,  // whose rows are not looked at; 0xffffffff: none
  hidden_block: u32,   // whose rows all lie outside; 0xffffffff: none
}

@group(1) @binding(0) var<uniform> point_params: PointParams;
@group(1) @binding(1) var<storage, read> point_words: array<vec4u>;

fn row_count() -> u32 {
  return point_params.rows;
}

fn block_passes(block: u32) -> bool {
  return block != point_params.skipped_block;
}

fn block_is_shown(block: u32) -> bool {
  return block != point_params.hidden_block;
}

@if(packed)
fn bins(row: u32, is_shown: bool) -> vec4u {
  let point = point_words[row / 4u];
  return (((point >> vec4u(16u)) * 600u) >> vec4u(16u)) * 1000u + (((point & vec4u(0xffffu)) * 1000u) >> vec4u(16u));
}

@else
fn bins(row: u32, is_shown: bool) -> vec4u {
  let bin = point_words[row / 4u];
  return select(vec4u(0xfffffffdu), bin, vec4<bool>(is_shown) | (bin >= vec4u(0xfffffffeu)));
}
