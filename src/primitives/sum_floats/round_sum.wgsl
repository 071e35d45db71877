// The nearest f64 and f32 to an exact sum: carries passed on, one sign's part taken from the other's, and the highest bits
// rounded, ties to even. One invocation, for 66 limbs of each sign. clear_state makes an empty sum. Moves the state.
import package::primitives::float_sum::float_sum::FloatSumState;
import package::primitives::wide::wide_add;

// host-shareable
struct RoundSumParams {
  count: u32,
}

// host-shareable
struct RoundedSum {
  double_low: u32,  // of the f64's bits
  double_high: u32,
  single: u32,  // the f32's bits
  count: u32,   // elements, those of NaN and infinities included
}

@group(0) @binding(0) var<uniform> params: RoundSumParams;
@group(0) @binding(1) var<storage, read_write> state: FloatSumState;
@group(0) @binding(2) var<storage, read_write> result: array<RoundedSum>;

const limb_count = 66u;
const word_count = 68u;  // with what carries add
const lanes = 132u;

// Of the sum's magnitude, in units of 2^-1074.
var<private> words: array<u32, word_count>;
var<private> others: array<u32, word_count>;

@compute @workgroup_size(lanes)
fn clear_state(@builtin(local_invocation_index) lane: u32) {
  atomicStore(&state.limbs[lane], 0u);
  atomicStore(&state.carries[lane], 0u);
  if lane == 0u {
    atomicStore(&state.count, 0u);
    atomicStore(&state.nans, 0u);
    atomicStore(&state.positive_infinities, 0u);
    atomicStore(&state.negative_infinities, 0u);
  }
}

fn read_signs() {
  var positive_carry = vec2u(0u);
  var negative_carry = vec2u(0u);
  for (var i = 0u; i < limb_count; i++) {
    let positive = wide_add(positive_carry, vec2u(atomicLoad(&state.limbs[i]), 0u));
    let negative = wide_add(negative_carry, vec2u(atomicLoad(&state.limbs[limb_count + i]), 0u));
    words[i] = positive.x;
    others[i] = negative.x;
    positive_carry = wide_add(vec2u(positive.y, 0u), vec2u(atomicLoad(&state.carries[i]), 0u));
    negative_carry = wide_add(vec2u(negative.y, 0u), vec2u(atomicLoad(&state.carries[limb_count + i]), 0u));
  }
  words[limb_count] = positive_carry.x;
  words[limb_count + 1u] = positive_carry.y;
  others[limb_count] = negative_carry.x;
  others[limb_count + 1u] = negative_carry.y;
}

// Leaves the smaller from the larger in `words`; whether the negative one was larger.
fn subtract_signs() -> bool {
  var is_negative = false;
  for (var i = 0u; i < word_count; i++) {
    is_negative = select(is_negative, others[i] > words[i], others[i] != words[i]);
  }
  var borrow = 0u;
  for (var i = 0u; i < word_count; i++) {
    let larger = select(words[i], others[i], is_negative);
    let smaller = select(others[i], words[i], is_negative);
    words[i] = larger - smaller - borrow;
    borrow = select(0u, 1u, larger < smaller || (larger == smaller && borrow != 0u));
  }
  return is_negative;
}

fn bit_count() -> u32 {
  var bits = 0u;
  for (var i = 0u; i < word_count; i++) {
    bits = select(bits, 32u * i + 32u - countLeadingZeros(words[i]), words[i] != 0u);
  }
  return bits;
}

fn word_at(i: u32) -> u32 {
  return select(0u, words[min(i, word_count - 1u)], i < word_count);
}

fn rounds_up(cut: u32, is_odd: bool) -> bool {
  if cut == 0u {
    return false;
  }
  let half = cut - 1u;
  var below = words[half / 32u] & ((1u << (half % 32u)) - 1u);
  for (var i = 0u; i < half / 32u; i++) {
    below |= words[i];
  }
  let has_half = ((words[half / 32u] >> (half % 32u)) & 1u) != 0u;
  return has_half && (below != 0u || is_odd);
}

// All above the lowest `cut` bits, rounded: at most 54 bits.
fn rounded(cut: u32) -> vec2u {
  let shift = cut % 32u;
  let low = word_at(cut / 32u);
  let middle = word_at(cut / 32u + 1u);
  let high = word_at(cut / 32u + 2u);
  // Shifting by 32 is not defined; by 1 and then by 31 it is.
  let mantissa = vec2u((low >> shift) | ((middle << 1u) << (31u - shift)), (middle >> shift) | ((high << 1u) << (31u - shift)));
  return wide_add(mantissa, vec2u(select(0u, 1u, rounds_up(cut, mantissa.x % 2u == 1u)), 0u));
}

// A mantissa's leading bit adds one to the exponent that stands before it, and so does one that rounding made longer.
fn double_of(bits: u32) -> vec2u {
  let cut = max(bits, 53u) - 53u;
  let mantissa = rounded(cut);
  let high = mantissa.y + (cut << 20u);
  return select(vec2u(mantissa.x, high), vec2u(0u, 0x7ff00000u), high >= 0x7ff00000u);
}

// The last bit of the smallest f32 is bit 925.
fn single_of(bits: u32) -> u32 {
  let cut = max(max(bits, 24u) - 24u, 925u);
  let exponent = min(cut - 925u, 255u);
  return min(rounded(cut).x + (exponent << 23u), 0x7f800000u);
}

@compute @workgroup_size(1)
fn round_sum() {
  read_signs();
  let is_negative = subtract_signs();
  let bits = bit_count();
  var wide = double_of(bits);
  var single = single_of(bits);
  var sign = select(0u, 0x80000000u, is_negative);
  let has_positive = atomicLoad(&state.positive_infinities) != 0u;
  let has_negative = atomicLoad(&state.negative_infinities) != 0u;
  if has_positive || has_negative {
    wide = vec2u(0u, 0x7ff00000u);
    single = 0x7f800000u;
    sign = select(0u, 0x80000000u, has_negative);
  }
  if atomicLoad(&state.nans) != 0u || (has_positive && has_negative) {
    wide = vec2u(0u, 0x7ff80000u);
    single = 0x7fc00000u;
    sign = 0u;
  }
  result[0] = RoundedSum(wide.x, wide.y | sign, single | sign, atomicLoad(&state.count));
}
