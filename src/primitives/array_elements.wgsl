// The slots of primitives/reduce over a plain array: element k is word k, or words 2k and 2k + 1 where wide. The array
// ends at a multiple of 16 bytes. With `presence` a bit for each element says whether it counts.

// host-shareable
struct ArrayParams {
  rows: u32,
  first_block: u32,
  skipped_block: u32,  // whose elements do not count; 0xffffffff: none
}

@group(1) @binding(0) var<uniform> array_params: ArrayParams;
@group(1) @binding(1) var<storage, read> array_words: array<vec4u>;
@if(presence) @group(1) @binding(2) var<storage, read> array_presence: array<u32>;  // a bit for each element

fn row_count() -> u32 {
  return array_params.rows;
}

fn first_block() -> u32 {
  return array_params.first_block;
}

fn block_passes(block: u32) -> bool {
  return block != array_params.skipped_block;
}

@if(presence)
fn array_present(first: u32) -> u32 {
  return (array_presence[first / 32u] >> (first % 32u)) & 0xfu;
}

@else
fn array_present(first: u32) -> u32 {
  return 0xfu;
}

@if(wide)
fn elements(first: u32) -> Elements {
  let a = array_words[first / 2u];
  let b = array_words[first / 2u + 1u];
  return Elements(vec4u(a.xz, b.xz), vec4u(a.yw, b.yw), array_present(first));
}

@else
fn elements(first: u32) -> Elements {
  return Elements(array_words[first / 4u], array_present(first));
}
