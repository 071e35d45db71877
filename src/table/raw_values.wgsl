// Values as the decoder left them, and their order-preserving images in 64 bits: for signed integers the sign
// bit is flipped, for floats all bits below zero and the sign above it. Every NaN becomes the largest image.

const raw_i32 = 0u;
const raw_u32 = 1u;
const raw_i64 = 2u;
const raw_u64 = 3u;
const raw_f32 = 4u;
const raw_f64 = 5u;

// host-shareable
struct Divisor {
  inverse: vec2u,   // of the odd part, modulo 2^64
  limit: vec2u,     // (2^64 - 1) / odd part
  low_mask: vec2u,  // the bits that the even part shifts out
  shift: u32,
  implied: u32,     // bit k: divisor k divides this one, itself included
}

// host-shareable
struct RawParams {
  rows: u32,
  format: u32,        // raw_*
  has_validity: u32,
  divisor_mask: u32,  // which of the divisors are candidates
  divisors: array<Divisor, 16>,
  base: vec2u,        // encoding: the image of the smallest value, and
  storage: u32,       // how wide codes are stored, as in columns.wgsl,
  divisor: u32,       // and by which divisor differences are divided; 16: by none
  target_words: u32,  // where the codes go in the bound slab
  reserved0: u32,
  reserved1: vec2u,
}

@group(0) @binding(0) var<uniform> raw_params: RawParams;
@group(0) @binding(1) var<storage, read> raw_words: array<u32>;
@group(0) @binding(2) var<storage, read> raw_validity: array<u32>;

fn raw_valid(row: u32) -> bool {
  return raw_params.has_validity == 0u || ((raw_validity[row / 32u] >> (row % 32u)) & 1u) == 1u;
}

fn f64_image(bits: vec2u) -> vec2u {
  let magnitude = bits.y & 0x7fffffffu;
  if magnitude > 0x7ff00000u || (magnitude == 0x7ff00000u && bits.x != 0u) {
    return vec2u(0u, 0xfff80000u);
  }
  return select(vec2u(bits.x, bits.y ^ 0x80000000u), ~bits, (bits.y & 0x80000000u) != 0u);
}

fn f32_image(bits: u32) -> u32 {
  if (bits & 0x7fffffffu) > 0x7f800000u {
    return 0xffc00000u;
  }
  return select(bits ^ 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

fn raw_image(row: u32) -> vec2u {
  switch raw_params.format {
    case raw_i32: {
      let value = raw_words[row];
      return vec2u(value, select(0x80000000u, 0x7fffffffu, (value & 0x80000000u) != 0u));
    }
    case raw_u32: { return vec2u(raw_words[row], 0u); }
    case raw_i64: { return vec2u(raw_words[2u * row], raw_words[2u * row + 1u] ^ 0x80000000u); }
    case raw_f32: { return vec2u(f32_image(raw_words[row]), 0u); }
    case raw_f64: { return f64_image(vec2u(raw_words[2u * row], raw_words[2u * row + 1u])); }
    default: { return vec2u(raw_words[2u * row], raw_words[2u * row + 1u]); }
  }
}

// Whether the f64 is an f32's: 29 low bits of the mantissa are 0 and the exponent is a normal f32's, or it is zero, infinite
// or NaN. Subnormal f32 values count as not, so that widening them needs no normalisation.
fn raw_is_f32(row: u32) -> bool {
  if raw_params.format != raw_f64 {
    return true;
  }
  let low = raw_words[2u * row];
  let high = raw_words[2u * row + 1u];
  let exponent = (high >> 20u) & 0x7ffu;
  let mantissa_high = high & 0xfffffu;
  if exponent == 0x7ffu {
    return true;
  }
  if exponent == 0u {
    return low == 0u && mantissa_high == 0u;
  }
  return (low & 0x1fffffffu) == 0u && exponent >= 897u && exponent <= 1150u;
}

fn raw_is_finite(row: u32) -> bool {
  switch raw_params.format {
    case raw_f32: { return (raw_words[row] & 0x7f800000u) != 0x7f800000u; }
    case raw_f64: { return (raw_words[2u * row + 1u] & 0x7ff00000u) != 0x7ff00000u; }
    default: { return true; }
  }
}
