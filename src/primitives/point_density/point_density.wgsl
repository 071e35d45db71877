// What the points of each bin of a plane add up to: counts, or sums, extremes and means of a value a point.
// Method: one atomic operation a point, in GPU memory: private copies of a picture-sized array would not fit. Extremes are
// maxima of images in the order of keys, integers add up with a carry, and floats as integers in units that the largest
// of their bin gives, which a reading before the one that adds finds (pre-rounded sums, Demmel & Nguyen 2013): all in any order
// the same. Of extremes of two words, which no atomic operation takes at once, the reading before finds the upper one.
// finish_* turn what atomics worked on to what the caller reads.
// Moves 8 bytes a point, 12 with values, 16 with values of two words; 24 for sums of floats and 32 for extremes of two words,
// which are read twice. Bound by atomics, one to four a point.
import package::primitives::blocks::block_of;
import package::primitives::group_by::float_groups::scaled_mantissa;
import package::primitives::ordered_key::{KeyOrder, key_of_pair, key_of_word, ordered_pair, ordered_word};
import package::primitives::rounded_float::{float_of, float_of_quotient};
import package::primitives::wide::wide_add;
import package::primitives::word::{Four, Word, four_of};

// host-shareable
struct PointDensityParams {
  count: u32,
  columns: u32,
  rows: u32,
  x_first: u32,  // images of the ends in the order of floats
  x_last: u32,
  y_first: u32,
  y_last: u32,
  x_low: f32,
  y_low: f32,
  x_scale: f32,  // columns in a unit
  y_scale: f32,
  sign_flip: u32,  // of values
  is_float: u32,
  order_flip: u32,  // all bits where the smallest wins
  has_counts: u32,
  are_means: u32,
}

@group(0) @binding(0) var<uniform> params: PointDensityParams;
@group(0) @binding(1) var<storage, read> xs: array<vec4u>;
@group(0) @binding(2) var<storage, read> ys: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> totals: array<atomic<u32>>;  // words_per_bin() each
@if(valued) @group(0) @binding(4) var<storage, read> values: array<vec4u>;
@if(valued) @group(0) @binding(5) var<storage, read_write> counts: array<atomic<u32>>;
@if(valued && sums) @group(0) @binding(6) var<storage, read_write> result: array<u32>;  // f32

fn words_per_bin() -> u32 {
  @if(sums && floats && !wide)
  return 3u;  // the largest exponent, then a sum of 64 bits, or where that exponent is none what there is
  @if(sums && !floats && !wide)
  return 2u;  // a sum of 64 bits
  @if(sums && wide)
  return 2u + params.are_means;  // the same; of means the uppermost word of 96 bits stands before it
  @if(!sums && valued && wide)
  return 2u;  // an image
  @if(!sums && (!valued || !wide))
  return 1u;
}

const lanes = 256u;
const quads_per_lane = 4u;
const bins_per_lane = 16u;
const no_bin = 0xffffffffu;
const nan_bits = 0x7fc00000u;

@compute @workgroup_size(lanes)
fn clear_bins(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let bins = params.columns * params.rows;
  for (var i = 0u; i < bins_per_lane; i++) {
    let bin = (group.x * bins_per_lane + i) * lanes + lane;
    if bin < bins {
      for (var word = 0u; word < words_per_bin(); word++) {
        atomicStore(&totals[bin * words_per_bin() + word], 0u);
      }
      @if(valued)
      if params.has_counts != 0u {
        atomicStore(&counts[bin], 0u);
      }
    }
  }
}

// Where on an axis; no arithmetic is done on what lies outside, NaN among it, whose image is the largest.
fn place_of(bits: u32, first: u32, last: u32, low: f32, scale: f32, places: u32) -> u32 {
  let image = ordered_word(bits, KeyOrder(0u, 1u, 0u));
  let is_inside = image >= first && image <= last;
  let distance = select(low, bitcast<f32>(bits), is_inside) - low;
  return select(no_bin, min(u32(distance * scale), places - 1u), is_inside);
}

fn bin_of(x: u32, y: u32) -> u32 {
  let column = place_of(x, params.x_first, params.x_last, params.x_low, params.x_scale, params.columns);
  let row = place_of(y, params.y_first, params.y_last, params.y_low, params.y_scale, params.rows);
  return select(row * params.columns + column, no_bin, column == no_bin || row == no_bin);
}

fn bins_of(quad: u32) -> vec4u {
  let x = xs[quad];
  let y = ys[quad];
  let bin = vec4u(bin_of(x.x, y.x), bin_of(x.y, y.y), bin_of(x.z, y.z), bin_of(x.w, y.w));
  return select(vec4u(no_bin), bin, vec4u(quad * 4u) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count));
}

@if(valued)
fn is_nan(bits: u32) -> bool {
  return params.is_float != 0u && (bits & 0x7fffffffu) > 0x7f800000u;
}

@if(valued && !sums)
fn value_order() -> KeyOrder {
  return KeyOrder(params.sign_flip, params.is_float, params.order_flip);
}

// Most points raise nothing, and to see that takes a load.
@if(valued)
fn raise(word: u32, value: u32) {
  if atomicLoad(&totals[word]) < value {
    atomicMax(&totals[word], value);
  }
}

@if(valued && !sums && !wide)
fn raise_image(bin: u32, bits: u32) {
  if !is_nan(bits) {
    raise(bin, ordered_word(bits, value_order()));
  }
}

// Lower words beside the largest upper one.
@if(valued && !sums && wide)
fn raise_image(bin: u32, bits: vec2u) {
  let image = ordered_pair(bits, value_order());
  if image.y == atomicLoad(&totals[bin * words_per_bin() + 1u]) {
    raise(bin * words_per_bin(), image.x);
  }
}

// Returns what carries into the next word.
@if(valued && sums)
fn add_word(word: u32, number: u32) -> u32 {
  var carry = 0u;
  if number != 0u {
    let before = atomicAdd(&totals[word], number);
    carry = select(0u, 1u, before + number < before);
  }
  return carry;
}

@if(valued && sums)
fn add_wide(word: u32, number: vec2u) -> u32 {
  let carry = add_word(word, number.x);
  let upper = number.y + carry;
  return select(0u, 1u, upper < carry) + add_word(word + 1u, upper);
}

@if(valued && sums && wide)
fn add_integer(bin: u32, bits: vec2u) {
  let first = bin * words_per_bin();
  let carry = add_wide(first + params.are_means, bits);
  if params.are_means != 0u {
    add_word(first, carry + sign_word(bits.y));
  }
}

@if(valued && sums && !floats && !wide)
fn add_integer(bin: u32, bits: u32) {
  add_wide(bin * words_per_bin(), vec2u(bits, sign_word(bits)));
}

// What stands above an integer of this upper word.
@if(valued && sums)
fn sign_word(upper: u32) -> u32 {
  return select(0u, 0xffffffffu, params.sign_flip != 0u && upper >= 0x80000000u);
}

// Bits that a sum of so many numbers needs beside those of one.
@if(valued && sums && floats)
fn spare_bits() -> u32 {
  return 32u - countLeadingZeros(params.count - 1u);
}

@if(valued && sums && floats)
const no_exponent = 255u;  // of NaN and infinities

@if(valued && sums && floats)
fn exponent_of(bits: u32) -> u32 {
  return (bits >> 23u) & 0xffu;
}

@if(valued && sums && floats)
fn add_float(bin: u32, bits: u32) {
  let first = bin * words_per_bin();
  let exponent = exponent_of(bits);
  let top = atomicLoad(&totals[first]);
  if top == no_exponent {
    // 1: there is a positive infinity, 2: a negative one, 4: a NaN. Beside them no number counts.
    if exponent == no_exponent {
      atomicOr(&totals[first + 1u], select(1u + (bits >> 31u), 4u, is_nan(bits)));
    }
    return;
  }
  let mantissa = (bits & 0x7fffffu) | select(0x800000u, 0u, exponent == 0u);
  // The largest number has 63 bits less the spare ones.
  let size = scaled_mantissa(mantissa, top - max(exponent, 1u) + spare_bits());
  add_wide(first + 1u, select(size, wide_add(~size, vec2u(1u, 0u)), bits >= 0x80000000u));
}

@if(valued)
fn load_four(quad: u32) -> Four {
  @if(wide)
  return four_of(values[2u * quad], values[2u * quad + 1u]);
  @else
  return four_of(values[quad]);
}

@if(valued && ((sums && floats) || (!sums && wide)))
fn measure_point(bin: u32, bits: Word) {
  if bin != no_bin {
    @if(sums && !wide)
    raise(bin * words_per_bin(), max(exponent_of(bits), 1u));
    @if(!sums && wide)
    raise(bin * words_per_bin() + 1u, ordered_pair(bits, value_order()).y);
  }
}

@if(valued && ((sums && floats) || (!sums && wide)))
@compute @workgroup_size(lanes)
fn measure_points(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * quads_per_lane + lane;
  for (var i = 0u; i < quads_per_lane; i++) {
    let quad = first + i * lanes;
    if quad * 4u < params.count {
      let bin = bins_of(quad);
      let value = load_four(quad);
      measure_point(bin.x, value.a);
      measure_point(bin.y, value.b);
      measure_point(bin.z, value.c);
      measure_point(bin.w, value.d);
    }
  }
}

@if(valued)
fn add_point(bin: u32, bits: Word) {
  if bin == no_bin {
    return;
  }
  @if(!sums)
  raise_image(bin, bits);
  @if(sums && floats && !wide)
  add_float(bin, bits);
  @if(sums && (!floats || wide))
  add_integer(bin, bits);
  if params.has_counts != 0u {
    atomicAdd(&counts[bin], 1u);
  }
}

@if(!valued)
fn add_point(bin: u32) {
  if bin != no_bin {
    atomicAdd(&totals[bin], 1u);
  }
}

@compute @workgroup_size(lanes)
fn add_points(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
              @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * quads_per_lane + lane;
  for (var i = 0u; i < quads_per_lane; i++) {
    let quad = first + i * lanes;
    if quad * 4u < params.count {
      let bin = bins_of(quad);
      @if(valued) {
        let value = load_four(quad);
        add_point(bin.x, value.a);
        add_point(bin.y, value.b);
        add_point(bin.z, value.c);
        add_point(bin.w, value.d);
      }
      @else {
        add_point(bin.x);
        add_point(bin.y);
        add_point(bin.z);
        add_point(bin.w);
      }
    }
  }
}

// No number has the image 0 but the integer that loses to all others: what it is in a bin of none.
@if(valued && !sums)
@compute @workgroup_size(lanes)
fn finish_extremes(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var i = 0u; i < bins_per_lane; i++) {
    let bin = (group.x * bins_per_lane + i) * lanes + lane;
    if bin < params.columns * params.rows {
      @if(!wide) {
        let image = atomicLoad(&totals[bin]);
        let is_none = params.is_float != 0u && image == 0u;
        atomicStore(&totals[bin], select(key_of_word(image, value_order()), nan_bits, is_none));
      }
      @if(wide) {
        let first = bin * words_per_bin();
        let key = key_of_pair(vec2u(atomicLoad(&totals[first]), atomicLoad(&totals[first + 1u])), value_order());
        atomicStore(&totals[first], key.x);
        atomicStore(&totals[first + 1u], key.y);
      }
    }
  }
}

@if(valued && sums)
fn sum_of(bin: u32) -> vec2u {
  let first = (bin + 1u) * words_per_bin() - 2u;
  return vec2u(atomicLoad(&totals[first]), atomicLoad(&totals[first + 1u]));
}

// What is read of a bin: its sum or mean, rounded once.
@if(valued && sums)
fn read_bin(bin: u32) -> u32 {
  let sum = sum_of(bin);
  var exponent = 0;
  @if(floats) {
    let top = atomicLoad(&totals[bin * words_per_bin()]);
    if top == no_exponent {
      return select(nan_bits, select(0x7f800000u, 0xff800000u, sum.x == 2u), sum.x == 1u || sum.x == 2u);
    }
    exponent = i32(top + spare_bits()) - 189;
  }
  var upper = 0u;  // of means of two words
  var is_negative = sum.y >= 0x80000000u;
  @if(wide) {
    upper = atomicLoad(&totals[bin * words_per_bin()]);
    is_negative = upper >= 0x80000000u;
  }
  @if(!floats) {
    is_negative = is_negative && params.sign_flip != 0u;
  }
  let size = select(sum, wide_add(~sum, vec2u(1u, 0u)), is_negative);
  @if(wide) {
    upper = select(upper, ~upper + select(0u, 1u, all(size == vec2u(0u))), is_negative);
  }
  let sign = select(0u, 0x80000000u, is_negative);
  if params.are_means == 0u {
    return sign | float_of(size, exponent);
  }
  let count = atomicLoad(&counts[bin]);
  if count == 0u {
    return nan_bits;
  }
  return sign | float_of_quotient(upper, size, exponent, count);
}

@if(valued && sums)
@compute @workgroup_size(lanes)
fn finish_sums(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var i = 0u; i < bins_per_lane; i++) {
    let bin = (group.x * bins_per_lane + i) * lanes + lane;
    if bin < params.columns * params.rows {
      result[bin] = read_bin(bin);
    }
  }
}
