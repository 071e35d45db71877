// Which bin of an axis a column code falls into, exactly: by arithmetic where bins cut evenly spaced codes evenly, by a
// table where codes are few (strings, whose order is not their codes'), else by a guess in floating point that is held
// against the exact first code of each bin, and a binary search where it is wrong. Zooming keeps the form, so that it
// compiles nothing. No branch decides what could be selected: software adapters carry out both sides, and a load costs
// them more than ten times an addition. Where a code has no bin the answer is at least bin_count.
import package::primitives::wide::{wide_less, wide_subtract};

const no_bin = 0xffffffffu;

// host-shareable
struct AxisBins {
  bin_count: u32,
  words: u32,        // where its table or edges begin in query_words
  first: vec2u,      // smallest and largest code that has a bin; first above last: none has
  last: vec2u,
  table_first: u32,  // table: 16 bits a code from this one on; 0xffff: no bin
  table_codes: u32,
  guess_low: f32,    // edges: bin = (distance or value - guess_low) x guess_scale
  guess_scale: f32,
  by_value: u32,     // edges: 1: guess by the float that the code stands for; 0: by distance in codes
  bands: u32,        // even: code k of them (table_first is 0) lies in bin ((k + 1) x bin_count - 1) / bands
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

// Division by way of floating point: the quotient is below 2^15, so it is wrong by one at most, and the rest tells.
fn even_bin(axis: u32, code: u32) -> u32 {
  let bands = query.axes[axis].bands;
  let band = code - query.axes[axis].table_first;
  let product = (band + 1u) * query.axes[axis].bin_count - 1u;
  let quotient = u32(f32(product) * query.axes[axis].guess_scale);
  let rest = bitcast<i32>(product - quotient * bands);
  let bin = quotient - select(0u, 1u, rest < 0) + select(0u, 1u, rest >= bitcast<i32>(bands));
  return select(no_bin, bin, code >= query.axes[axis].first.x && code <= query.axes[axis].last.x);
}

fn table_bin(axis: u32, code: u32) -> u32 {
  // Rows without a value have any code.
  let distance = min(code - query.axes[axis].table_first, query.axes[axis].table_codes - 1u);
  return (query_words[query.axes[axis].words + distance / 2u] >> (16u * (distance % 2u))) & 0xffffu;
}

fn guessed_bin(axis: u32, place: f32) -> u32 {
  let bin = (place - query.axes[axis].guess_low) * query.axes[axis].guess_scale;
  return u32(clamp(bin, 0.0, f32(query.axes[axis].bin_count - 1u)));
}

fn narrow_edge(axis: u32, bin: u32) -> u32 {
  return query_words[query.axes[axis].words + bin];
}

fn narrow_bin(axis: u32, code: u32) -> u32 {
  let first = query.axes[axis].first.x;
  let value = bitcast<f32>(select(~code, code ^ 0x80000000u, (code & 0x80000000u) != 0u));
  let last_bin = query.axes[axis].bin_count - 1u;
  let guess = guessed_bin(axis, select(f32(code - first), value, query.axes[axis].by_value != 0u));
  let is_below_next = guess == last_bin || code < narrow_edge(axis, min(guess + 1u, last_bin));
  var low = guess;
  var high = guess + 1u;
  if !(narrow_edge(axis, guess) <= code && is_below_next) {
    low = 0u;
    high = last_bin + 1u;
  }
  while low + 1u < high {
    let middle = (low + high) / 2u;
    let is_above = narrow_edge(axis, middle) <= code;
    low = select(low, middle, is_above);
    high = select(middle, high, is_above);
  }
  return select(no_bin, low, code >= first && code <= query.axes[axis].last.x);
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
  let distance = wide_subtract(code, first);
  let place = select(f32(distance.y) * 4294967296.0 + f32(distance.x), f32_near(code), query.axes[axis].by_value != 0u);
  let last_bin = query.axes[axis].bin_count - 1u;
  let guess = guessed_bin(axis, place);
  let is_below_next = guess == last_bin || wide_less(code, wide_edge(axis, min(guess + 1u, last_bin)));
  var low = guess;
  var high = guess + 1u;
  if wide_less(code, wide_edge(axis, guess)) || !is_below_next {
    low = 0u;
    high = last_bin + 1u;
  }
  while low + 1u < high {
    let middle = (low + high) / 2u;
    let is_above = !wide_less(code, wide_edge(axis, middle));
    low = select(low, middle, is_above);
    high = select(middle, high, is_above);
  }
  return select(no_bin, low, !wide_less(code, first) && !wide_less(query.axes[axis].last, code));
}
