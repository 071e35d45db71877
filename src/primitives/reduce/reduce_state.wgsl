// What a reduction knows of the elements it has seen, and how two such states become one.
import package::primitives::wide::{wide_max, wide_min};

// host-shareable
struct ReduceState {
  smallest: vec2u,  // above largest when count is 0
  largest: vec2u,
  sum_low: vec2u,   // the sum has 96 bits: no sum of 2^32 values of 64 bits overflows
  sum_high: u32,
  count: u32,
}

fn reduce_identity() -> ReduceState {
  return ReduceState(vec2u(0xffffffffu), vec2u(0u), vec2u(0u), 0u, 0u);
}

fn reduce_merge(a: ReduceState, b: ReduceState) -> ReduceState {
  let word0 = a.sum_low.x + b.sum_low.x;
  let carry0 = select(0u, 1u, word0 < a.sum_low.x);
  let word1 = a.sum_low.y + b.sum_low.y;
  let carry1 = select(0u, 1u, word1 < a.sum_low.y);
  let word1_carried = word1 + carry0;
  let carry2 = select(0u, 1u, word1_carried < word1);
  return ReduceState(wide_min(a.smallest, b.smallest), wide_max(a.largest, b.largest), vec2u(word0, word1_carried),
                     a.sum_high + b.sum_high + carry1 + carry2, a.count + b.count);
}
