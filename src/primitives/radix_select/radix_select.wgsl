// What stands at given ranks of the sorted array, without sorting it: the image of the key at each of up to 8 ranks.
// Method: radix select from the most significant digit (as Alabi et al. 2012, "Fast k-selection algorithms for graphics
// processors"), for all ranks in one reading a digit. count_digits counts the digits of keys that have what is known of a
// target's key; pick_digits adds the digit at which the target's rank is reached. Targets that know the same share counts.
// Digits have 11 bits for one target, 8 for up to eight: 2,048 counts in a workgroup's memory either way.
// Moves 4 bytes a key of one word and digit: 12 for one target, 16 for several; 8 a wide one.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, key_of_pair, key_of_word, ordered_pair, ordered_word};
import package::primitives::radix_select::target::{Target, most_targets, ranked};
import package::primitives::wide::wide_shift_right;
import package::primitives::word::{Word, is_equal};
import package::primitives::workgroup_add::{summing_lanes, workgroup_add};

// host-shareable
struct RadixSelectParams {
  count: u32,
  target_count: u32,
  digit_bits: u32,
  shift: u32,      // of the digit's lowest bit
  is_first: u32,   // nothing is known yet
  sign_flip: u32,  // these make a KeyOrder
  is_float: u32,
  order_flip: u32,
  first_found: u32,
  end_bit: u32,    // bits of keys from this one on are 0
  // Of up to 8 targets: the rank where the denominator is 0, else that share of all keys, rounded up, less one.
  numerators: array<vec4u, 2>,
  denominators: array<vec4u, 2>,
  offsets: array<vec4i, 2>,  // added to the rank; it stays inside
}

@group(0) @binding(0) var<uniform> params: RadixSelectParams;
@if(!owned) @group(0) @binding(1) var<storage, read> keys: array<vec4u>;
// In scratch, which is written to elsewhere in the same dispatch.
@if(owned) @group(0) @binding(1) var<storage, read_write> keys: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> targets: array<Target>;
@group(0) @binding(3) var<storage, read_write> counts: array<atomic<u32>>;  // of each target's digits
@group(0) @binding(4) var<storage, read_write> found: array<Word>;

const lanes = 256u;
@if(!owned)
const keys_per_group = 32768u;
@if(owned)
const keys_per_group = 2048u;  // of fewer keys, so that there are as many workgroups
const own_counts_size = 2048u;

var<workgroup> own_counts: array<atomic<u32>, own_counts_size>;
var<workgroup> own_targets: array<Target, most_targets>;

fn order() -> KeyOrder {
  return KeyOrder(params.sign_flip, params.is_float, params.order_flip);
}

fn mask_of(bits: u32) -> u32 {
  return select((1u << (bits & 31u)) - 1u, 0xffffffffu, bits >= 32u);
}

// What images of all keys have above their highest digit.
fn image_above_all() -> Word {
  @if(wide)
  return vec2u(params.order_flip) & ~vec2u(mask_of(params.end_bit), mask_of(max(params.end_bit, 32u) - 32u));
  @else
  return params.order_flip & ~mask_of(params.end_bit);
}

@compute @workgroup_size(lanes)
fn begin_targets(@builtin(local_invocation_index) lane: u32) {
  for (var i = lane; i < own_counts_size; i += lanes) {
    atomicStore(&counts[i], 0u);
  }
  if lane < params.target_count {
    let rank = ranked(params.count, params.numerators[lane / 4u][lane % 4u], params.denominators[lane / 4u][lane % 4u],
                      params.offsets[lane / 4u][lane % 4u]);
    targets[lane] = Target(image_above_all(), rank, 0u);
  }
}

// The bits above the digit.
@if(!wide)
fn above(image: u32) -> u32 {
  // Shifts by all bits are not defined.
  return (image >> (params.shift + params.digit_bits - 1u)) >> 1u;
}

@if(wide)
fn above(image: vec2u) -> vec2u {
  return wide_shift_right(wide_shift_right(image, params.shift + params.digit_bits - 1u), 1u);
}

fn digit_of(image: Word) -> u32 {
  let mask = (1u << params.digit_bits) - 1u;
  @if(wide)
  return wide_shift_right(image, params.shift).x & mask;
  @else
  return (image >> params.shift) & mask;
}

fn add(target_index: u32, digit: u32, times: u32) {
  if times != 0u {
    atomicAdd(&own_counts[(target_index << params.digit_bits) + digit], times);
  }
}

// Four keys; those that are alike, as all are in a skewed array, are added once.
fn count_four(a: Word, b: Word, c: Word, d: Word, present: vec4<bool>) {
  let digit = vec4u(digit_of(a), digit_of(b), digit_of(c), digit_of(d));
  for (var t = 0u; t < params.target_count; t++) {
    let target_above = own_targets[t].image;
    var counted = present;
    if params.is_first == 0u {
      counted = present & vec4<bool>(is_equal(above(a), target_above), is_equal(above(b), target_above),
                                     is_equal(above(c), target_above), is_equal(above(d), target_above));
    }
    counted &= vec4<bool>(own_targets[t].sharing == t);
    let one = select(vec4u(0u), vec4u(1u), counted);
    let are_alike = all(counted) && all(digit == digit.xxxx);
    add(t, digit.x, select(one.x, 4u, are_alike));
    add(t, digit.y, select(one.y, 0u, are_alike));
    add(t, digit.z, select(one.z, 0u, are_alike));
    add(t, digit.w, select(one.w, 0u, are_alike));
  }
}

@compute @workgroup_size(lanes)
fn count_digits(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * keys_per_group;
  if begin >= params.count {
    return;
  }
  let used = params.target_count << params.digit_bits;
  for (var i = lane; i < used; i += lanes) {
    atomicStore(&own_counts[i], 0u);
  }
  if lane < params.target_count {
    let wanted = targets[lane];
    own_targets[lane] = Target(above(wanted.image), wanted.rank, wanted.sharing);
  }
  workgroupBarrier();
  let end = begin + min(keys_per_group, params.count - begin);
  for (var first = begin + 4u * lane; first < end; first += 4u * lanes) {
    let present = vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count);
    @if(wide) {
      let front = keys[first / 2u];
      let back = keys[first / 2u + 1u];
      count_four(ordered_pair(front.xy, order()), ordered_pair(front.zw, order()), ordered_pair(back.xy, order()),
                 ordered_pair(back.zw, order()), present);
    }
    @else {
      let four = keys[first / 4u];
      count_four(ordered_word(four.x, order()), ordered_word(four.y, order()), ordered_word(four.z, order()),
                 ordered_word(four.w, order()), present);
    }
  }
  workgroupBarrier();
  for (var i = lane; i < used; i += lanes) {
    let own = atomicLoad(&own_counts[i]);
    if own != 0u {
      atomicAdd(&counts[i], own);
    }
  }
}

fn with_digit(image: Word, digit: u32) -> Word {
  @if(wide) {
    let near = params.shift & 31u;
    let low = digit << near;
    let spilled = select((digit >> 1u) >> (31u - near), 0u, near == 0u);
    return image | select(vec2u(low, spilled), vec2u(0u, low), params.shift >= 32u);
  }
  @else {
    return image | (digit << params.shift);
  }
}

var<workgroup> picked: array<Target, most_targets>;

const counts_per_lane = own_counts_size / summing_lanes;

// One workgroup: every lane adds up 16 of a target's digits at most, and one of them finds the rank among its own. Counts
// are brought into workgroup memory first, by loads that do not wait for each other, and left all 0.
@compute @workgroup_size(summing_lanes)
fn pick_digits(@builtin(local_invocation_index) lane: u32) {
  // Nothing is picked where there is nothing.
  if params.count == 0u {
    return;
  }
  let digits = 1u << params.digit_bits;
  let used = params.target_count * digits;
  var brought: array<u32, counts_per_lane>;
  @unroll for (var i = 0u; i < counts_per_lane; i++) {
    brought[i] = atomicLoad(&counts[i * summing_lanes + lane]);
  }
  @unroll for (var i = 0u; i < counts_per_lane; i++) {
    atomicStore(&own_counts[i * summing_lanes + lane], brought[i]);
    if i * summing_lanes < used {
      atomicStore(&counts[i * summing_lanes + lane], 0u);
    }
  }
  workgroupBarrier();
  let digits_per_lane = (digits + summing_lanes - 1u) / summing_lanes;
  for (var t = 0u; t < params.target_count; t++) {
    let wanted = targets[t];
    let begin = min(digits, lane * digits_per_lane);
    let end = min(digits, begin + digits_per_lane);
    let row = wanted.sharing << params.digit_bits;
    var own = 0u;
    for (var digit = begin; digit < end; digit++) {
      own += atomicLoad(&own_counts[row + digit]);
    }
    var before = workgroup_add(lane, own).before;
    if wanted.rank >= before && wanted.rank - before < own {
      var digit = begin;
      for (var here = atomicLoad(&own_counts[row + digit]); wanted.rank - before >= here;
           here = atomicLoad(&own_counts[row + digit])) {
        before += here;
        digit++;
      }
      picked[t] = Target(with_digit(wanted.image, digit), wanted.rank - before, t);
    }
  }
  workgroupBarrier();
  if lane < params.target_count {
    var sharing = lane;
    for (var t = lane; t > 0u; t--) {
      sharing = select(sharing, t - 1u, is_equal(picked[t - 1u].image, picked[lane].image));
    }
    targets[lane] = Target(picked[lane].image, picked[lane].rank, sharing);
  }
}

@compute @workgroup_size(lanes)
fn write_found(@builtin(local_invocation_index) lane: u32) {
  if lane < params.target_count && params.count != 0u {
    @if(wide)
    found[params.first_found + lane] = key_of_pair(targets[lane].image, order());
    @else
    found[params.first_found + lane] = key_of_word(targets[lane].image, order());
  }
}
