// Count, exact sum, sum of squares and extremes of 64-bit integers by group, where a code says which group.
// Method: as group_by.wgsl, in two readings, since no atomic operation has 64 bits: the first one counts, adds and finds the
// upper words of extremes, the second one adds squares and finds the lower words among elements of those upper ones.
// Moves 24 bytes a row; bound by atomics, up to six a row in the first reading and seven in the second.
import package::primitives::blocks::block_of;
import package::primitives::group_by::group_words::{add_carrying, add_three, add_word, clear_words, groups, raise_word};
@if(own) import package::primitives::group_by::group_words::{add_own, clear_own, own, raise_by_own};
import package::primitives::wide::{wide_square, wide_subtract};

// host-shareable
struct WideGroupsParams {
  count: u32,
  group_count: u32,
  sign_flip: u32,
}

// host-shareable
struct WideGroup {
  count: u32,
  smallest_high: u32,  // extremes of the elements' bits; all are 0 where count is 0
  largest_high: u32,
  sum_low: u32,  // 96 bits, signed where elements are
  sum_middle: u32,
  sum_high: u32,
  smallest_low: u32,
  largest_low: u32,
  squares: array<u32, 5>,  // of the sum of squares, the lowest word first
}

const words_per_group = 13u;
const first_words = 6u;  // what the first reading writes of a group
const second_words = 7u;

@group(0) @binding(0) var<uniform> params: WideGroupsParams;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<vec2u>;

const lanes = 256u;
const rows_per_group = 32768u;

@if(own)
const own_groups = 256u;
@if(own)
var<workgroup> own_uppers: array<vec2u, own_groups>;

@compute @workgroup_size(lanes)
fn clear_groups(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  clear_words(group.x, lane, lanes, params.group_count * words_per_group);
}

fn is_negative(value: vec2u) -> bool {
  return params.sign_flip != 0u && value.y >= 0x80000000u;
}

fn measure_row(code: u32, value: vec2u) {
  @if(own)
  let first = code * first_words;
  @else
  let first = code * words_per_group;
  let upper = value.y ^ params.sign_flip;
  add_word(first, 1u);
  raise_word(first + 1u, ~upper);
  raise_word(first + 2u, upper);
  add_three(first + 3u, value.x, value.y, select(0u, 0xffffffffu, is_negative(value)));
}

@compute @workgroup_size(lanes)
fn measure_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  @if(own) {
    clear_own(lane, lanes, params.group_count * first_words);
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
      let own_word = code * first_words;
      let to = code * words_per_group;
      if atomicLoad(&own[own_word]) != 0u {
        add_own(own_word, to, 1u);
        raise_by_own(own_word + 1u, to + 1u);
        raise_by_own(own_word + 2u, to + 2u);
        add_own(own_word + 3u, to + 3u, 3u);
      }
    }
  }
}

// What the first reading found: the complement of the smallest upper word, and the largest.
fn uppers_in_memory(code: u32) -> vec2u {
  let first = code * words_per_group;
  return vec2u(atomicLoad(&groups[first + 1u]), atomicLoad(&groups[first + 2u]));
}

fn uppers_of(code: u32) -> vec2u {
  @if(own)
  return own_uppers[code];
  @else
  return uppers_in_memory(code);
}

fn add_row(code: u32, value: vec2u) {
  @if(own)
  let first = code * second_words;
  @else
  let first = code * words_per_group + first_words;
  let uppers = uppers_of(code);
  let upper = value.y ^ params.sign_flip;
  if ~upper == uppers.x {
    raise_word(first, ~value.x);
  }
  if upper == uppers.y {
    raise_word(first + 1u, value.x);
  }
  let square = wide_square(select(value, wide_subtract(vec2u(0u), value), is_negative(value)));
  var carry = add_carrying(first + 2u, square.x, 0u);
  carry = add_carrying(first + 3u, square.y, carry);
  carry = add_carrying(first + 4u, square.z, carry);
  carry = add_carrying(first + 5u, square.w, carry);
  if carry != 0u {
    add_word(first + 6u, carry);
  }
}

@compute @workgroup_size(lanes)
fn add_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
            @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  @if(own) {
    clear_own(lane, lanes, params.group_count * second_words);
    for (var code = lane; code < params.group_count; code += lanes) {
      own_uppers[code] = uppers_in_memory(code);
    }
    workgroupBarrier();
  }
  let end = begin + min(rows_per_group, params.count - begin);
  for (var row = begin + lane; row < end; row += lanes) {
    let code = codes[row];
    if code < params.group_count {
      add_row(code, values[row]);
    }
  }
  @if(own) {
    workgroupBarrier();
    for (var code = lane; code < params.group_count; code += lanes) {
      let own_word = code * second_words;
      let to = code * words_per_group + first_words;
      raise_by_own(own_word, to);
      raise_by_own(own_word + 1u, to + 1u);
      add_own(own_word + 2u, to + 2u, 5u);
    }
  }
}

@compute @workgroup_size(lanes)
fn finish_groups(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let code = group.x * lanes + lane;
  if code < params.group_count {
    let first = code * words_per_group;
    if atomicLoad(&groups[first]) != 0u {
      let uppers = vec2u(~atomicLoad(&groups[first + 1u]), atomicLoad(&groups[first + 2u])) ^ vec2u(params.sign_flip);
      atomicStore(&groups[first + 1u], uppers.x);
      atomicStore(&groups[first + 2u], uppers.y);
      atomicStore(&groups[first + 6u], ~atomicLoad(&groups[first + 6u]));
    }
  }
}
