// Unsigned images of keys whose order is that of the keys: what radix sorts and searches compare.

// How to make them: `sign_flip` is the top bit for signed integers, `order_flip` all bits to descend.
struct KeyOrder {
  sign_flip: u32,
  is_float: u32,
  order_flip: u32,
}

// Of a key of one word. Floats stand in their total order, -0 before 0, and every NaN behind all numbers.
fn ordered_word(bits: u32, order: KeyOrder) -> u32 {
  let real = select(bits ^ 0x80000000u, ~bits, bits >= 0x80000000u);
  let total = select(real, 0xffffffffu, (bits & 0x7fffffffu) > 0x7f800000u);
  return select(bits ^ order.sign_flip, total, order.is_float != 0u) ^ order.order_flip;
}

// Of an integer of two words.
fn ordered_pair(bits: vec2u, order: KeyOrder) -> vec2u {
  return vec2u(bits.x, bits.y ^ order.sign_flip) ^ vec2u(order.order_flip);
}

// The key of an image; of a NaN's, one NaN for all.
fn key_of_word(image: u32, order: KeyOrder) -> u32 {
  let own = image ^ order.order_flip;
  let real = select(own ^ 0x80000000u, ~own, own < 0x80000000u);
  let total = select(real, 0x7fc00000u, own == 0xffffffffu);
  return select(own ^ order.sign_flip, total, order.is_float != 0u);
}

fn key_of_pair(image: vec2u, order: KeyOrder) -> vec2u {
  let own = image ^ vec2u(order.order_flip);
  return vec2u(own.x, own.y ^ order.sign_flip);
}
