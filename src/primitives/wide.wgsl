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

// By 0 to 63 bits.
fn wide_shift_right(a: vec2u, bits: u32) -> vec2u {
  let near = bits & 31u;
  let shifted = vec2u((a.x >> near) | ((a.y << (31u - near)) << 1u), a.y >> near);
  return select(shifted, vec2u(shifted.y, 0u), bits >= 32u);
}
