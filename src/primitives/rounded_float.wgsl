// The f32 nearest to an integer of 64 bits times a power of two, ties to even, or to a quotient of one: in integers, so that
// no adapter's arithmetic makes a difference.
import package::primitives::wide::wide_shift_right;

fn bits_of(size: vec2u) -> u32 {
  return select(32u - countLeadingZeros(size.x), 64u - countLeadingZeros(size.y), size.y != 0u);
}

// Whether any of the lowest `bits`, 0 to 63, is set.
fn has_below(size: vec2u, bits: u32) -> bool {
  let near = (1u << (bits & 31u)) - 1u;
  return select((size.x & near) != 0u, size.x != 0u || (size.y & near) != 0u, bits >= 32u);
}

// The bits of size * 2^exponent; an infinity past the largest.
fn float_of(size: vec2u, exponent: i32) -> u32 {
  let bits = bits_of(size);
  if bits == 0u {
    return 0u;
  }
  // Of the last bit that is kept: the smallest f32 is 2^-149.
  let last = max(exponent + i32(bits) - 24, -149);
  var mantissa = size.x << (u32(max(exponent - last, 0)) & 31u);
  if last > exponent {
    let cut = u32(last - exponent);
    if cut > bits {
      return 0u;
    }
    let kept = wide_shift_right(size, cut & 63u).x & select(0u, 0xffffffffu, cut < 64u);
    let has_half = (wide_shift_right(size, cut - 1u).x & 1u) != 0u;
    let rounds_up = has_half && (has_below(size, cut - 1u) || (kept & 1u) != 0u);
    mantissa = kept + select(0u, 1u, rounds_up);
  }
  // The leading bit adds one to the exponent that stands before it, and so does one that rounding made longer.
  return min(mantissa + (u32(last + 149) << 23u), 0x7f800000u);
}

// The bits of (upper * 2^64 + size) * 2^exponent / divisor, which is above `upper`: a quotient has at most 64 bits.
fn float_of_quotient(upper: u32, size: vec2u, exponent: i32, divisor: u32) -> u32 {
  // Shifted up, so that a quotient has at least 32 bits, as one with an upper word has.
  let up = select((64u - bits_of(size)) & 63u, 0u, upper != 0u);
  let near = up & 31u;
  let part = vec2u(size.x << near, (size.y << near) | ((size.x >> 1u) >> (31u - near)));
  let number = select(part, vec2u(0u, part.x), up >= 32u);
  var quotient = vec2u(0u);
  var rest = upper;
  for (var i = 0u; i < 64u; i++) {
    let bit = (select(number.x, number.y, i < 32u) >> (31u - (i & 31u))) & 1u;
    let overflows = rest >= 0x80000000u;
    rest = (rest << 1u) | bit;
    let goes_in = overflows || rest >= divisor;
    rest = select(rest, rest - divisor, goes_in);
    quotient = vec2u((quotient.x << 1u) | select(0u, 1u, goes_in), (quotient.y << 1u) | (quotient.x >> 31u));
  }
  // Far below what is kept, one bit stands for all that is left.
  quotient.x |= select(0u, 1u, rest != 0u);
  return float_of(quotient, exponent - i32(up));
}
