// What the points of each bin of a plane add up to: counts, or sums, extremes and means of a value a point.
// Method: one atomic operation a point, in GPU memory: private copies of a picture-sized array would not fit. Extremes are
// maxima of images in the order of keys, integers add up with a carry, and floats as integers in units that the largest
// of their bin gives, which a reading before the one that adds finds (pre-rounded sums, Demmel & Nguyen 2013): all in any order
// the same. finish_* turn what atomics worked on to what the caller reads.
// Moves 8 bytes a point, 12 with values, and 16 more of sums of floats; bound by atomics, one to three a point.
import package::primitives::blocks::block_of;
import package::primitives::group_by::float_groups::scaled_mantissa;
import package::primitives::ordered_key::{KeyOrder, key_of_word, ordered_word};
import package::primitives::rounded_float::{float_of, float_of_quotient};
import package::primitives::wide::wide_add;

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
@group(0) @binding(3) var<storage, read_write> totals: array<atomic<u32>>;  // words_per_bin each
@if(valued) @group(0) @binding(4) var<storage, read> values: array<vec4u>;
@if(valued) @group(0) @binding(5) var<storage, read_write> counts: array<atomic<u32>>;
@if(valued && sums) @group(0) @binding(6) var<storage, read_write> result: array<u32>;  // f32

@if(valued && sums && floats)
const words_per_bin = 3u;  // the largest exponent, then a sum of 64 bits, or where that exponent is none what there is
@if(valued && sums && !floats)
const words_per_bin = 2u;  // a sum of 64 bits
@if(!valued || !sums)
const words_per_bin = 1u;

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
      for (var word = 0u; word < words_per_bin; word++) {
        atomicStore(&totals[bin * words_per_bin + word], 0u);
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

@if(valued && sums)
fn add_wide(word: u32, number: vec2u) {
  var carry = 0u;
  if number.x != 0u {
    let before = atomicAdd(&totals[word], number.x);
    carry = select(0u, 1u, before + number.x < before);
  }
  if number.y + carry != 0u {
    atomicAdd(&totals[word + 1u], number.y + carry);
  }
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
  let first = bin * words_per_bin;
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

@if(valued && sums && floats)
fn measure_point(bin: u32, bits: u32) {
  if bin != no_bin {
    raise(bin * words_per_bin, max(exponent_of(bits), 1u));
  }
}

@if(valued && sums && floats)
@compute @workgroup_size(lanes)
fn measure_points(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * quads_per_lane + lane;
  for (var i = 0u; i < quads_per_lane; i++) {
    let quad = first + i * lanes;
    if quad * 4u < params.count {
      let bin = bins_of(quad);
      let value = values[quad];
      measure_point(bin.x, value.x);
      measure_point(bin.y, value.y);
      measure_point(bin.z, value.z);
      measure_point(bin.w, value.w);
    }
  }
}

@if(valued)
fn add_point(bin: u32, bits: u32) {
  if bin == no_bin {
    return;
  }
  @if(!sums)
  if !is_nan(bits) {
    raise(bin, ordered_word(bits, value_order()));
  }
  @if(sums && floats)
  add_float(bin, bits);
  @if(sums && !floats)
  add_wide(bin * words_per_bin, vec2u(bits, select(0u, 0xffffffffu, params.sign_flip != 0u && bits >= 0x80000000u)));
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
        let value = values[quad];
        add_point(bin.x, value.x);
        add_point(bin.y, value.y);
        add_point(bin.z, value.z);
        add_point(bin.w, value.w);
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
      let image = atomicLoad(&totals[bin]);
      let is_none = params.is_float != 0u && image == 0u;
      atomicStore(&totals[bin], select(key_of_word(image, value_order()), nan_bits, is_none));
    }
  }
}

@if(valued && sums)
fn sum_of(bin: u32) -> vec2u {
  let first = bin * words_per_bin + words_per_bin - 2u;
  return vec2u(atomicLoad(&totals[first]), atomicLoad(&totals[first + 1u]));
}

// What is read of a bin: its sum or mean, rounded once.
@if(valued && sums)
fn read_bin(bin: u32) -> u32 {
  let sum = sum_of(bin);
  var exponent = 0;
  @if(floats) {
    let top = atomicLoad(&totals[bin * words_per_bin]);
    if top == no_exponent {
      return select(nan_bits, select(0x7f800000u, 0xff800000u, sum.x == 2u), sum.x == 1u || sum.x == 2u);
    }
    exponent = i32(top + spare_bits()) - 189;
  }
  var is_negative = sum.y >= 0x80000000u;
  @if(!floats) {
    is_negative = is_negative && params.sign_flip != 0u;
  }
  let size = select(sum, wide_add(~sum, vec2u(1u, 0u)), is_negative);
  let sign = select(0u, 0x80000000u, is_negative);
  if params.are_means == 0u {
    return sign | float_of(size, exponent);
  }
  let count = atomicLoad(&counts[bin]);
  if count == 0u {
    return nan_bits;
  }
  return sign | float_of_quotient(size, exponent, count);
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
