// The slots of float_sum, and of what else folds elements, over a plain array of f32, whose count lies beside it.
import package::primitives::elements::Elements;

@group(1) @binding(0) var<storage, read> float_count: array<u32>;
@group(1) @binding(1) var<storage, read> float_words: array<vec4u>;

fn row_count() -> u32 {
  return float_count[0];
}

fn first_block() -> u32 {
  return 0u;
}

fn block_passes(block: u32) -> bool {
  return true;
}

// Images of floats, as table/code_space.h has them.
fn elements(first: u32) -> Elements {
  let bits = float_words[first / 4u];
  return Elements(select(bits ^ vec4u(0x80000000u), ~bits, bits >= vec4u(0x80000000u)), 0xfu);
}
