// Unsigned 64-bit integers as two words, low first, for lack of a u64 in WGSL.

fn wide_less(a: vec2u, b: vec2u) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

fn wide_min(a: vec2u, b: vec2u) -> vec2u {
  return select(a, b, wide_less(b, a));
}

fn wide_max(a: vec2u, b: vec2u) -> vec2u {
  return select(a, b, wide_less(a, b));
}

fn wide_add(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn wide_subtract(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

// All 64 bits of a product of two words, from 16-bit halves: WGSL has no high multiply.
fn wide_product(a: u32, b: u32) -> vec2u {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle_a = (a >> 16u) * (b & 0xffffu);
  let middle_b = (a & 0xffffu) * (b >> 16u);
  let middle = (low >> 16u) + (middle_a & 0xffffu) + (middle_b & 0xffffu);
  let high = (a >> 16u) * (b >> 16u) + (middle_a >> 16u) + (middle_b >> 16u) + (middle >> 16u);
  return vec2u((low & 0xffffu) | (middle << 16u), high);
}

// The low 64 bits of a product.
fn wide_multiply(a: vec2u, b: vec2u) -> vec2u {
  let low = wide_product(a.x, b.x);
  return vec2u(low.x, low.y + a.x * b.y + a.y * b.x);
}

// All 128 bits of a square, the lowest word first.
fn wide_square(a: vec2u) -> vec4u {
  let low = wide_product(a.x, a.x);
  let middle = wide_product(a.x, a.y);
  let high = wide_product(a.y, a.y);
  let lower = wide_add(vec2u(low.y, 0u), vec2u(middle.x << 1u, middle.x >> 31u));
  let upper = wide_add(wide_add(high, vec2u(lower.y, 0u)), vec2u(middle.y << 1u, middle.y >> 31u));
  return vec4u(low.x, lower.x, upper);
}

// By 0 to 63 bits.
fn wide_shift_right(a: vec2u, bits: u32) -> vec2u {
  let near = bits & 31u;
  let shifted = vec2u((a.x >> near) | ((a.y << (31u - near)) << 1u), a.y >> near);
  return select(shifted, vec2u(shifted.y, 0u), bits >= 32u);
}
