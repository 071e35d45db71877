// 64-bit unsigned integers as two words.

// Low word first.
// host-shareable
struct U64 {
  low: u32,
  high: u32,
}

fn add_u64(a: U64, b: U64) -> U64 {
  let low = a.low + b.low;
  return U64(low, a.high + b.high + select(0u, 1u, low < a.low));
}

// Not used by sum.wgsl, so this condition gives it no variants.
@if(wide_native)
fn from_native(value: u32) -> U64 { return U64(value, 0u); }
