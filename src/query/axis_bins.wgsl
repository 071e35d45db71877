// Which bin of an axis a column code falls into, exactly: by a table where codes are few, else by a guess in
// floating point that is held against the exact first code of each bin, and a binary search where it is wrong.
import package::primitives::wide::{wide_less, wide_subtract};

const axis_table = 0u;            // one 16-bit bin for each code
const axis_edges = 1u;            // the first code of each bin, ascending; guess by distance in codes
const axis_edges_of_floats = 2u;  // the same; guess by value

const no_bin = 0xffffffffu;
const no_table_bin = 0xffffu;

// host-shareable
struct AxisBins {
  mode: u32,
  bin_count: u32,
  words: u32,       // where its table begins in query_words
  reserved: u32,
  first: vec2u,     // smallest and largest code that has a bin; first above last: none has
  last: vec2u,
  guess_low: f32,   // bin = (distance or value - guess_low) x guess_scale
  guess_scale: f32,
  reserved1: vec2u,
}

// host-shareable
struct QueryParams {
  axes: array<AxisBins, 2>,
  filter_words: u32,  // where the filter's words and bounds begin in query_words
  bound_words: u32,
  reserved: vec2u,
}

@group(2) @binding(0) var<uniform> query: QueryParams;
@group(2) @binding(1) var<storage, read> query_words: array<u32>;

fn guessed_bin(axis: u32, place: f32) -> u32 {
  let bin = (place - query.axes[axis].guess_low) * query.axes[axis].guess_scale;
  return u32(clamp(bin, 0.0, f32(query.axes[axis].bin_count - 1u)));
}

fn narrow_edge(axis: u32, bin: u32) -> u32 {
  return query_words[query.axes[axis].words + bin];
}

fn narrow_bin(axis: u32, code: u32) -> u32 {
  let first = query.axes[axis].first.x;
  if code < first || code > query.axes[axis].last.x {
    return no_bin;
  }
  if query.axes[axis].mode == axis_table {
    let distance = code - first;
    let bin = (query_words[query.axes[axis].words + distance / 2u] >> (16u * (distance % 2u))) & 0xffffu;
    return select(bin, no_bin, bin == no_table_bin);
  }
  var place = f32(code - first);
  if query.axes[axis].mode == axis_edges_of_floats {
    place = bitcast<f32>(select(~code, code ^ 0x80000000u, (code & 0x80000000u) != 0u));
  }
  let count = query.axes[axis].bin_count;
  let guess = guessed_bin(axis, place);
  if narrow_edge(axis, guess) <= code && (guess + 1u == count || code < narrow_edge(axis, guess + 1u)) {
    return guess;
  }
  var low = 0u;
  var high = count;
  while low + 1u < high {
    let middle = (low + high) / 2u;
    if narrow_edge(axis, middle) <= code {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

fn wide_edge(axis: u32, bin: u32) -> vec2u {
  let word = query.axes[axis].words + 2u * bin;
  return vec2u(query_words[word], query_words[word + 1u]);
}

// An f64 image as the f32 near its value; what f32 cannot hold comes out wrong, as a guess may.
fn f32_near(image: vec2u) -> f32 {
  let bits = select(~image, vec2u(image.x, image.y ^ 0x80000000u), (image.y & 0x80000000u) != 0u);
  let exponent = clamp(i32((bits.y >> 20u) & 0x7ffu) - 896, 0, 254);
  let mantissa = ((bits.y & 0xfffffu) << 3u) | (bits.x >> 29u);
  return bitcast<f32>((bits.y & 0x80000000u) | (u32(exponent) << 23u) | mantissa);
}

fn wide_bin(axis: u32, code: vec2u) -> u32 {
  let first = query.axes[axis].first;
  if wide_less(code, first) || wide_less(query.axes[axis].last, code) {
    return no_bin;
  }
  var place = 0.0;
  if query.axes[axis].mode == axis_edges_of_floats {
    place = f32_near(code);
  } else {
    let distance = wide_subtract(code, first);
    place = f32(distance.y) * 4294967296.0 + f32(distance.x);
  }
  let count = query.axes[axis].bin_count;
  let guess = guessed_bin(axis, place);
  if !wide_less(code, wide_edge(axis, guess)) &&
      (guess + 1u == count || wide_less(code, wide_edge(axis, guess + 1u))) {
    return guess;
  }
  var low = 0u;
  var high = count;
  while low + 1u < high {
    let middle = (low + high) / 2u;
    if wide_less(code, wide_edge(axis, middle)) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return low;
}
