// Count, exact sum, minimum and maximum of unsigned integers, in one pass over them.
// Method: one workgroup of 64 takes one block of 4,096 elements. An invocation folds 64 of them in registers, where
// the sum is kept as sums of 16-bit halves: those of a whole block stay below 2^28, so nothing carries until the
// block's state is written. Subgroups fold what the invocations have, workgroup atomics the rest; reduce_merge.wgsl
// folds the states of the blocks.
// Moves what the slot reads, and 32 bytes a block. Integer sums make the result the same in every order.
import package::primitives::blocks::{block_of, rows_per_block};
import package::primitives::elements::Elements;
import package::primitives::reduce::reduce_state::ReduceState;
import package::primitives::wide::{wide_add, wide_max};
import slots::{block_passes, elements, first_block, row_count};

@group(0) @binding(0) var<storage, read_write> states: array<ReduceState>;

const lanes = 64u;
const quads_per_lane = rows_per_block / (4u * lanes);

// What one invocation knows of its elements, a quarter of them in each component. The smallest is kept as the largest
// complement, so that 0 stands for no elements everywhere.
struct Quad {
  largest: vec4u,
  complement: vec4u,
  @if(wide) largest_high: vec4u,
  @if(wide) complement_high: vec4u,
  half0: vec4u,  // sums of 16-bit halves, lowest first
  half1: vec4u,
  @if(wide) half2: vec4u,
  @if(wide) half3: vec4u,
  count: u32,
}

var<workgroup> halves: array<atomic<u32>, 4>;
var<workgroup> count: atomic<u32>;
var<workgroup> extremes_low: array<atomic<u32>, 2>;  // the largest, and the largest complement
@if(wide) var<workgroup> extremes_high: array<atomic<u32>, 2>;

// No branches: an element that does not count is 0 to the sums and to both extremes.
fn fold_four(quad: Quad, four: Elements, present: u32) -> Quad {
  var folded = quad;
  let mask = bitcast<vec4u>(vec4i(vec4u(present) << vec4u(31u, 30u, 29u, 28u)) >> vec4u(31u));
  let low = four.low & mask;
  let low_complement = ~four.low & mask;
  folded.count += countOneBits(present);
  folded.half0 += low & vec4u(0xffffu);
  folded.half1 += low >> vec4u(16u);
  @if(wide) {
    let high = four.high & mask;
    let high_complement = ~four.high & mask;
    folded.half2 += high & vec4u(0xffffu);
    folded.half3 += high >> vec4u(16u);
    let is_larger = (high > quad.largest_high) | ((high == quad.largest_high) & (low > quad.largest));
    folded.largest = select(quad.largest, low, is_larger);
    folded.largest_high = select(quad.largest_high, high, is_larger);
    let is_smaller = (high_complement > quad.complement_high) |
                     ((high_complement == quad.complement_high) & (low_complement > quad.complement));
    folded.complement = select(quad.complement, low_complement, is_smaller);
    folded.complement_high = select(quad.complement_high, high_complement, is_smaller);
  }
  @else {
    folded.largest = max(quad.largest, low);
    folded.complement = max(quad.complement, low_complement);
  }
  return folded;
}

@if(subgroups)
fn add_half(half: u32, part: vec4u, is_first: bool) {
  let sum = subgroupAdd(part.x + part.y + part.z + part.w);
  if is_first {
    atomicAdd(&halves[half], sum);
  }
}

@else
fn add_half(half: u32, part: vec4u, is_first: bool) {
  atomicAdd(&halves[half], part.x + part.y + part.z + part.w);
}

@if(subgroups)
fn add_count(part: u32, is_first: bool) {
  let sum = subgroupAdd(part);
  if is_first {
    atomicAdd(&count, sum);
  }
}

@else
fn add_count(part: u32, is_first: bool) {
  atomicAdd(&count, part);
}

@if(subgroups)
fn raise_low(extreme: u32, value: u32, is_first: bool) {
  let largest = subgroupMax(value);
  if is_first {
    atomicMax(&extremes_low[extreme], largest);
  }
}

@else
fn raise_low(extreme: u32, value: u32, is_first: bool) {
  atomicMax(&extremes_low[extreme], value);
}

@if(wide && subgroups)
fn raise_high(extreme: u32, value: u32, is_first: bool) {
  let largest = subgroupMax(value);
  if is_first {
    atomicMax(&extremes_high[extreme], largest);
  }
}

@if(wide && !subgroups)
fn raise_high(extreme: u32, value: u32, is_first: bool) {
  atomicMax(&extremes_high[extreme], value);
}

@if(wide)
fn largest_of(low: vec4u, high: vec4u) -> vec2u {
  return wide_max(wide_max(vec2u(low.x, high.x), vec2u(low.y, high.y)),
                  wide_max(vec2u(low.z, high.z), vec2u(low.w, high.w)));
}

fn largest_of_four(four: vec4u) -> u32 {
  return max(max(four.x, four.y), max(four.z, four.w));
}

@compute @workgroup_size(64)
fn reduce(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32,
          @if(subgroups) @builtin(subgroup_invocation_id) subgroup_lane: u32) {
  let block = block_of(group, grid);
  let rows = row_count();
  if block * rows_per_block >= rows {
    return;
  }
  // wgpu-native does not clear workgroup memory in trusted modules.
  if lane < 4u {
    atomicStore(&halves[lane], 0u);
  }
  if lane < 2u {
    atomicStore(&extremes_low[lane], 0u);
    @if(wide) atomicStore(&extremes_high[lane], 0u);
  }
  if lane == 0u {
    atomicStore(&count, 0u);
  }
  workgroupBarrier();
  var quad: Quad;
  if block_passes(block) {
    for (var i = 0u; i < quads_per_lane; i++) {
      let row = block * rows_per_block + (i * lanes + lane) * 4u;
      if row >= rows {
        break;
      }
      let four: Elements = elements(row);
      quad = fold_four(quad, four, four.present & (0xfu >> (4u - min(4u, rows - row))));
    }
  }

  @if(subgroups)
  let is_first = subgroup_lane == 0u;
  @else
  let is_first = false;
  add_half(0u, quad.half0, is_first);
  add_half(1u, quad.half1, is_first);
  add_count(quad.count, is_first);
  @if(wide) {
    add_half(2u, quad.half2, is_first);
    add_half(3u, quad.half3, is_first);
    // The high words decide; then the low words of those invocations that have them.
    let largest = largest_of(quad.largest, quad.largest_high);
    let complement = largest_of(quad.complement, quad.complement_high);
    raise_high(0u, largest.y, is_first);
    raise_high(1u, complement.y, is_first);
    workgroupBarrier();
    raise_low(0u, select(0u, largest.x, largest.y == atomicLoad(&extremes_high[0])), is_first);
    raise_low(1u, select(0u, complement.x, complement.y == atomicLoad(&extremes_high[1])), is_first);
  }
  @else {
    raise_low(0u, largest_of_four(quad.largest), is_first);
    raise_low(1u, largest_of_four(quad.complement), is_first);
  }
  workgroupBarrier();
  if lane != 0u {
    return;
  }
  var sum: array<u32, 4>;
  for (var i = 0u; i < 4u; i++) {
    sum[i] = atomicLoad(&halves[i]);
  }
  let low_part = wide_add(vec2u(sum[0], 0u), vec2u(sum[1] << 16u, sum[1] >> 16u));
  let high_part = wide_add(vec2u(sum[2], 0u), vec2u(sum[3] << 16u, sum[3] >> 16u));
  let middle = wide_add(vec2u(low_part.y, 0u), high_part);
  @if(wide)
  let high = vec2u(~atomicLoad(&extremes_high[1]), atomicLoad(&extremes_high[0]));
  @else
  let high = vec2u(select(0u, 0xffffffffu, atomicLoad(&count) == 0u), 0u);
  states[first_block() + block] =
      ReduceState(vec2u(~atomicLoad(&extremes_low[1]), high.x), vec2u(atomicLoad(&extremes_low[0]), high.y),
                  vec2u(low_part.x, middle.x), middle.y, atomicLoad(&count));
}
