// Count, exact sum, sum of squares and extremes of integers by group, where a code says which group.
// Method: atomic adds and maxima of integers, so that every order gives the same. Up to 256 groups a workgroup keeps
// in its own memory for 32,768 rows and then adds what it has; more groups lie in GPU memory alone. Sums carry from word
// to word. Groups are made for adding, all zero at first (the smallest as the largest complement); finish_groups turns
// them to what the host reads. Moves 8 bytes a row; bound by atomics, up to eight a row.
import package::primitives::blocks::block_of;
import package::primitives::group_by::group_words::{add_word, clear_words, groups, raise_word};
@if(own) import package::primitives::group_by::group_words::{add_own, clear_own, own, raise_by_own};
import package::primitives::wide::wide_product;

// host-shareable
struct GroupByParams {
  count: u32,
  group_count: u32,
  sign_flip: u32,
}

// host-shareable
struct Group {
  count: u32,
  smallest: u32,  // of the values' bits; 0, as the largest, where count is 0
  largest: u32,
  sum_low: u32,   // 64 bits, signed where values are
  sum_high: u32,
  squares_low: u32,  // of the sum of squares, which has 96 bits
  squares_middle: u32,
  squares_high: u32,
}

const words_per_group = 8u;

@group(0) @binding(0) var<uniform> params: GroupByParams;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<u32>;

const lanes = 256u;
const rows_per_group = 32768u;

@compute @workgroup_size(lanes)
fn clear_groups(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  clear_words(group.x, lane, lanes, params.group_count * words_per_group);
}

fn add_row(code: u32, value: u32) {
  let first = code * words_per_group;
  let image = value ^ params.sign_flip;
  add_word(first, 1u);
  raise_word(first + 1u, ~image);
  raise_word(first + 2u, image);
  let is_negative = params.sign_flip != 0u && value >= 0x80000000u;
  let high = select(0u, 0xffffffffu, is_negative) + add_word(first + 3u, value);
  if high != 0u {
    add_word(first + 4u, high);
  }
  let magnitude = select(value, 0u - value, is_negative);
  let square = wide_product(magnitude, magnitude);
  let carry = add_word(first + 5u, square.x);
  let middle = square.y + carry;  // no square has all bits set above
  if middle != 0u && add_word(first + 6u, middle) != 0u {
    add_word(first + 7u, 1u);
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
    clear_own(lane, lanes, params.group_count * words_per_group);
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
      let first = code * words_per_group;
      if atomicLoad(&own[first]) != 0u {
        add_own(first, first, 1u);
        raise_by_own(first + 1u, first + 1u);
        raise_by_own(first + 2u, first + 2u);
        add_own(first + 3u, first + 3u, 2u);
        add_own(first + 5u, first + 5u, 3u);
      }
    }
  }
}

@compute @workgroup_size(lanes)
fn finish_groups(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let code = group.x * lanes + lane;
  if code < params.group_count {
    let first = code * words_per_group;
    if atomicLoad(&groups[first]) != 0u {
      atomicStore(&groups[first + 1u], ~atomicLoad(&groups[first + 1u]) ^ params.sign_flip);
      atomicStore(&groups[first + 2u], atomicLoad(&groups[first + 2u]) ^ params.sign_flip);
    }
  }
}
