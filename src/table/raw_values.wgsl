// Values as the decoder left them, and their order-preserving images in 64 bits: for signed integers the sign
// bit is flipped, for floats all bits below zero and the sign above it. Every NaN becomes the largest image.
// What a column does not need is not in its kernels (`nullable`, `floats`): software adapters carry out every branch,
// loads included, and validity and floats cost half of ingest there.

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
  format: u32,            // raw_*
  padded_rows: u32,       // encoding: codes are written for so many rows, a multiple of 4
  divisor_mask: u32,      // which of the divisors are candidates
  divisors: array<Divisor, 16>,
  code_divisor: Divisor,  // encoding: what differences from the base are divided by; 1 where nothing divides them
  base: vec2u,            // the image of the smallest value
  storage: u32,           // how wide codes are stored, as in columns.wgsl
  target_words: u32,      // where the codes go in the bound slab
}

@group(0) @binding(0) var<uniform> raw_params: RawParams;
@group(0) @binding(1) var<storage, read> raw_words: array<u32>;
@if(nullable) @group(0) @binding(3) var<storage, read> raw_validity: array<u32>;

@if(nullable)
fn raw_valid(row: u32) -> bool {
  return ((raw_validity[row / 32u] >> (row % 32u)) & 1u) == 1u;
}

@else
fn raw_valid(row: u32) -> bool {
  return true;
}

fn raw_words_per_value() -> u32 {
  let is_wide = raw_params.format == raw_i64 || raw_params.format == raw_u64 || raw_params.format == raw_f64;
  return select(1u, 2u, is_wide);
}

// The bits of a row's value; where it has one word, both are that word.
fn raw_bits(row: u32) -> vec2u {
  let words = raw_words_per_value();
  return vec2u(raw_words[row * words], raw_words[row * words + words - 1u]);
}

fn f64_image(bits: vec2u) -> vec2u {
  let magnitude = bits.y & 0x7fffffffu;
  let is_nan = magnitude > 0x7ff00000u || (magnitude == 0x7ff00000u && bits.x != 0u);
  let image = select(vec2u(bits.x, bits.y ^ 0x80000000u), ~bits, (bits.y & 0x80000000u) != 0u);
  return select(image, vec2u(0u, 0xfff80000u), is_nan);
}

fn f32_image(bits: u32) -> u32 {
  let image = select(bits ^ 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
  return select(image, 0xffc00000u, (bits & 0x7fffffffu) > 0x7f800000u);
}

@if(floats)
fn raw_image(bits: vec2u) -> vec2u {
  return select(f64_image(bits), vec2u(f32_image(bits.x), 0u), raw_params.format == raw_f32);
}

@else
fn raw_image(bits: vec2u) -> vec2u {
  let is_i32 = raw_params.format == raw_i32;
  let is_signed = is_i32 || raw_params.format == raw_i64;
  let extended = select(0u, bitcast<u32>(bitcast<i32>(bits.x) >> 31u), is_i32);
  let high = select(bits.y, extended, is_i32 || raw_params.format == raw_u32);
  return vec2u(bits.x, high ^ select(0u, 0x80000000u, is_signed));
}

// Whether the value of an f64 column is an f32's: 29 low bits of the mantissa are 0 and the exponent is a normal f32's, or
// it is zero, infinite or NaN. Subnormal f32 values count as not, so that widening them needs no normalisation.
fn f64_is_f32(bits: vec2u) -> bool {
  let exponent = (bits.y >> 20u) & 0x7ffu;
  let is_normal = (bits.x & 0x1fffffffu) == 0u && exponent >= 897u && exponent <= 1150u;
  let is_zero = (bits.x | (bits.y & 0x7fffffffu)) == 0u;
  return is_normal || is_zero || exponent == 0x7ffu;
}

fn float_is_finite(bits: vec2u) -> bool {
  let exponents = select(0x7ff00000u, 0x7f800000u, raw_params.format == raw_f32);
  return (bits.y & exponents) != exponents;
}
