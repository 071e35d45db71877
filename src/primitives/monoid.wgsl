// The slots `identity` and `combine` for sums, minima and maxima: how two elements become one. A Word is the bits of an
// element: u32, or two words where wide.
import package::primitives::wide::wide_add;

@if(wide)
fn is_less(a: vec2u, b: vec2u) -> bool {
  @if(is_signed)
  let flip = 0x80000000u;
  @else
  let flip = 0u;
  let a_high = a.y ^ flip;
  let b_high = b.y ^ flip;
  return a_high < b_high || (a_high == b_high && a.x < b.x);
}

@if(wide && smallest)
fn combine(a: vec2u, b: vec2u) -> vec2u {
  return select(a, b, is_less(b, a));
}

@if(wide && largest && !smallest)
fn combine(a: vec2u, b: vec2u) -> vec2u {
  return select(a, b, is_less(a, b));
}

@if(wide && !largest && !smallest)
fn combine(a: vec2u, b: vec2u) -> vec2u {
  return wide_add(a, b);
}

@if(wide)
fn identity() -> vec2u {
  @if(smallest && is_signed)
  return vec2u(0xffffffffu, 0x7fffffffu);
  @if(smallest && !is_signed)
  return vec2u(0xffffffffu);
  @if(largest && is_signed)
  return vec2u(0u, 0x80000000u);
  @if(!smallest && !(largest && is_signed))
  return vec2u(0u);
}

// A comparison with NaN is false, so NaN is never chosen over what was there; the identity was there first.
@if(!wide && is_float)
fn combine(a: u32, b: u32) -> u32 {
  let x = bitcast<f32>(a);
  let y = bitcast<f32>(b);
  @if(smallest)
  return select(a, b, y < x || (is_nan(a) && !is_nan(b)));
  @if(largest)
  return select(a, b, x < y || (is_nan(a) && !is_nan(b)));
  @if(!smallest && !largest)
  return bitcast<u32>(x + y);
}

// By its bits: compilers may assume that a float is a number.
@if(!wide && is_float)
fn is_nan(bits: u32) -> bool {
  return (bits & 0x7fffffffu) > 0x7f800000u;
}

@if(!wide && is_float)
fn identity() -> u32 {
  @if(smallest)
  return 0x7f800000u;
  @if(largest)
  return 0xff800000u;
  @if(!smallest && !largest)
  return 0x80000000u;
}

@if(!wide && !is_float)
fn combine(a: u32, b: u32) -> u32 {
  @if(smallest && is_signed)
  return bitcast<u32>(min(bitcast<i32>(a), bitcast<i32>(b)));
  @if(smallest && !is_signed)
  return min(a, b);
  @if(largest && is_signed)
  return bitcast<u32>(max(bitcast<i32>(a), bitcast<i32>(b)));
  @if(largest && !is_signed)
  return max(a, b);
  @if(!smallest && !largest)
  return a + b;
}

@if(!wide && !is_float)
fn identity() -> u32 {
  @if(smallest && is_signed)
  return 0x7fffffffu;
  @if(smallest && !is_signed)
  return 0xffffffffu;
  @if(largest && is_signed)
  return 0x80000000u;
  @if(!smallest && !(largest && is_signed))
  return 0u;
}
