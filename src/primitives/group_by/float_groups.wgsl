// Count, extremes, sum and sum of squares of floats by group, to the same bits in every order.
// Method: pre-rounded summation (Demmel & Nguyen 2013, with one fold of 63 bits). A first reading finds the largest
// exponent of each group; a second one adds each number as an integer in units that this exponent gives: the largest
// number has 63 bits, so numbers down to 2^-39 of it are added exactly, and what is finer is rounded to a unit once.
// Squares are added alike, in 64 bits: exactly down to 2^-8 of the largest number. Integers are added by atomics, in 96
// bits, which the number of rows cannot overflow. Up to 256 groups a workgroup keeps in its own memory for 32,768 rows and then
// adds what it has; more groups lie in GPU memory alone. Moves 16 bytes a row; bound by atomics, up to ten a row.
import package::primitives::blocks::block_of;
import package::primitives::group_by::group_words::{add_three, add_word, clear_words, groups, mark_word, raise_word};
@if(own) import package::primitives::group_by::group_words::{add_own, clear_own, own, raise_by_own};
import package::primitives::ordered_key::{KeyOrder, key_of_word, ordered_word};
import package::primitives::wide::{wide_add, wide_product, wide_shift_right};

// host-shareable
struct FloatGroupsParams {
  count: u32,
  group_count: u32,
}

// host-shareable
struct FloatGroup {
  count: u32,     // rows, those of NaN and infinities included
  smallest: u32,  // f32, in their total order; NaN where there is no number
  largest: u32,
  nans: u32,
  infinities: u32,    // 1: there is a positive one, 2: a negative one
  top_exponent: u32,  // the largest of finite numbers, as f32 stores it, at least 1; 0 where there is none
  sum_low: u32,       // of finite numbers, 96 bits signed, in units of 2^(top_exponent - 189)
  sum_middle: u32,
  sum_high: u32,
  squares_low: u32,  // of their squares, 96 bits, in units of 2^(2 * top_exponent - 316)
  squares_middle: u32,
  squares_high: u32,
}

const words_per_group = 12u;
const words_per_half = 6u;  // what each reading writes

@group(0) @binding(0) var<uniform> params: FloatGroupsParams;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<u32>;

const lanes = 256u;
const rows_per_group = 32768u;

@if(own)
const own_groups = 256u;
@if(own)
var<workgroup> own_tops: array<u32, own_groups>;

@compute @workgroup_size(lanes)
fn clear_groups(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  clear_words(group.x, lane, lanes, params.group_count * words_per_group);
}

// The first word of a group's half, where rows are added.
fn first_word(code: u32, half: u32) -> u32 {
  @if(own)
  return code * words_per_half;
  @else
  return code * words_per_group + half * words_per_half;
}

fn float_order() -> KeyOrder {
  return KeyOrder(0u, 1u, 0u);
}

fn measure_row(code: u32, bits: u32) {
  let first = first_word(code, 0u);
  add_word(first, 1u);
  let size = bits & 0x7fffffffu;
  if size > 0x7f800000u {
    add_word(first + 3u, 1u);
    return;
  }
  let image = ordered_word(bits, float_order());
  raise_word(first + 1u, ~image);
  raise_word(first + 2u, image);
  if size == 0x7f800000u {
    mark_word(first + 4u, 1u + (bits >> 31u));
  } else {
    raise_word(first + 5u, max(size >> 23u, 1u));
  }
}

// A mantissa times 2^(39 - down), rounded to the nearest.
fn scaled_mantissa(mantissa: u32, down: u32) -> vec2u {
  if down <= 39u {
    let left = 39u - down;
    let near = left & 31u;
    let low = mantissa << near;
    let high = (mantissa >> 1u) >> (31u - near);
    return select(vec2u(low, high), vec2u(0u, low), left >= 32u);
  }
  let right = down - 39u;
  let rounded = (mantissa + (1u << ((right - 1u) & 31u))) >> (right & 31u);
  return vec2u(select(0u, rounded, right <= 24u), 0u);
}

// Its square times 2^(16 - 2 * down), rounded to the nearest.
fn scaled_square(mantissa: u32, down: u32) -> vec2u {
  let square = wide_product(mantissa, mantissa);
  if down <= 8u {
    let left = 16u - 2u * down;
    return vec2u(square.x << left, (square.y << left) | ((square.x >> 1u) >> (31u - left)));
  }
  if down > 32u {
    return vec2u(0u);
  }
  let right = 2u * down - 16u;
  let half = (right - 1u) & 31u;
  let added = select(vec2u(1u << half, 0u), vec2u(0u, 1u << half), right > 32u);
  return wide_shift_right(wide_add(square, added), right);
}

fn add_row(code: u32, bits: u32, top_exponent: u32) {
  let exponent = (bits >> 23u) & 0xffu;
  let mantissa = (bits & 0x7fffffu) | select(0x800000u, 0u, exponent == 0u);
  if exponent == 0xffu || mantissa == 0u {
    return;
  }
  let down = top_exponent - max(exponent, 1u);
  let first = first_word(code, 1u);
  let size = scaled_mantissa(mantissa, down);
  let is_negative = bits >= 0x80000000u;
  let sign = select(0u, 0xffffffffu, is_negative && any(size != vec2u(0u)));
  let number = select(size, wide_add(~size, vec2u(1u, 0u)), sign != 0u);
  add_three(first, number.x, number.y, sign);
  let square = scaled_square(mantissa, down);
  add_three(first + 3u, square.x, square.y, 0u);
}

@compute @workgroup_size(lanes)
fn measure_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  @if(own) {
    clear_own(lane, lanes, params.group_count * words_per_half);
    workgroupBarrier();
  }
  let end = begin + min(rows_per_group, params.count - begin);
  for (var row = begin + lane; row < end; row += lanes) {
    let code = codes[row];
    if code < params.group_count {
      measure_row(code, values[row]);
    }
  }
  @if(own) {
    workgroupBarrier();
    for (var code = lane; code < params.group_count; code += lanes) {
      let own_word = code * words_per_half;
      let target_word = code * words_per_group;
      if atomicLoad(&own[own_word]) != 0u {
        add_own(own_word, target_word, 1u);
        raise_by_own(own_word + 1u, target_word + 1u);
        raise_by_own(own_word + 2u, target_word + 2u);
        add_own(own_word + 3u, target_word + 3u, 1u);
        atomicOr(&groups[target_word + 4u], atomicLoad(&own[own_word + 4u]));
        raise_by_own(own_word + 5u, target_word + 5u);
      }
    }
  }
}

fn top_of(code: u32) -> u32 {
  @if(own)
  return own_tops[code];
  @else
  return atomicLoad(&groups[code * words_per_group + 5u]);
}

@compute @workgroup_size(lanes)
fn add_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
            @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  @if(own) {
    clear_own(lane, lanes, params.group_count * words_per_half);
    for (var code = lane; code < params.group_count; code += lanes) {
      own_tops[code] = atomicLoad(&groups[code * words_per_group + 5u]);
    }
    workgroupBarrier();
  }
  let end = begin + min(rows_per_group, params.count - begin);
  for (var row = begin + lane; row < end; row += lanes) {
    let code = codes[row];
    if code < params.group_count {
      add_row(code, values[row], top_of(code));
    }
  }
  @if(own) {
    workgroupBarrier();
    for (var code = lane; code < params.group_count; code += lanes) {
      add_own(code * words_per_half, code * words_per_group + words_per_half, 3u);
      add_own(code * words_per_half + 3u, code * words_per_group + words_per_half + 3u, 3u);
    }
  }
}

@compute @workgroup_size(lanes)
fn finish_groups(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let code = group.x * lanes + lane;
  if code < params.group_count {
    let first = code * words_per_group;
    let has_numbers = atomicLoad(&groups[first]) != atomicLoad(&groups[first + 3u]);
    let smallest = key_of_word(~atomicLoad(&groups[first + 1u]), float_order());
    let largest = key_of_word(atomicLoad(&groups[first + 2u]), float_order());
    atomicStore(&groups[first + 1u], select(0x7fc00000u, smallest, has_numbers));
    atomicStore(&groups[first + 2u], select(0x7fc00000u, largest, has_numbers));
  }
}
