// Four random words of one counter and a seed of 64 bits.
// Method: Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel Random Numbers: As Easy as 1, 2, 3").
import package::primitives::wide::wide_product;

fn philox(counter: vec4u, seed: vec2u) -> vec4u {
  var words = counter;
  var key = seed;
  for (var round = 0u; round < 10u; round++) {
    let a = wide_product(words.x, 0xd2511f53u);
    let b = wide_product(words.z, 0xcd9e8d57u);
    words = vec4u(b.y ^ words.y ^ key.x, b.x, a.y ^ words.w ^ key.y, a.x);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return words;
}
