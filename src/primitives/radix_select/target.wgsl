// What is known of the key at a rank, while it is being found.
import package::primitives::wide::wide_product;
import package::primitives::word::Word;

const most_targets = 8u;

struct Target {
  image: Word,   // what is known of it: the digits before
  rank: u32,     // among keys that have them
  sharing: u32,  // the first target that knows the same
}

// ceil(n * numerator / denominator), bit by bit; the denominator is below 2^31.
fn share_of(n: u32, numerator: u32, denominator: u32) -> u32 {
  let product = wide_product(n, numerator);
  var remainder = 0u;
  var quotient = 0u;
  for (var bit = 64u; bit > 0u; bit--) {
    let place = bit - 1u;
    remainder = 2u * remainder + (select(product.x, product.y, place >= 32u) >> (place & 31u)) % 2u;
    let goes_in = remainder >= denominator;
    remainder -= select(0u, denominator, goes_in);
    quotient = 2u * quotient + select(0u, 1u, goes_in);
  }
  return quotient + select(0u, 1u, remainder != 0u);
}

// A rank among so many: the numerator where the denominator is 0, else that share of all, rounded up, less one; moved by the
// offset, but to none that is not there.
fn ranked(count: u32, numerator: u32, denominator: u32, offset: i32) -> u32 {
  var rank = numerator;
  if denominator != 0u {
    rank = max(share_of(count, numerator, denominator), 1u) - 1u;
  }
  let last = max(count, 1u) - 1u;
  rank = min(rank, last);
  return select(rank + min(last - rank, bitcast<u32>(offset)), rank - min(rank, bitcast<u32>(-offset)), offset < 0);
}
