// Count, exact sum, minimum and maximum of unsigned integers, in one pass over them.
// Method: one workgroup of 64 takes 1 to 16 neighbouring blocks of 4,096 elements, as many as the grid leaves it. An
// invocation folds its elements in registers, four loads at a time. The sum of words is kept modulo 2^32 beside the sum of
// their upper halves: both sums of halves stay below 2^32, so the two say all, and nothing carries until the workgroup's
// state is written. Subgroups fold what the invocations have,
// workgroup atomics the rest; reduce_merge.wgsl folds the states. `dense`: every element counts, so none is masked.
// Moves what the slot reads, and 32 bytes a block. Integer sums make the result the same in every order.
import package::primitives::blocks::{block_of, rows_per_block};
import package::primitives::elements::Elements;
import package::primitives::reduce::reduce_state::{ReduceState, reduce_identity};
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
  sum: vec4u,        // of the low words, modulo 2^32
  upper_sum: vec4u,  // of their upper halves
  @if(wide) high_sum: vec4u,
  @if(wide) high_upper_sum: vec4u,
  count: u32,
}

var<workgroup> sums: array<atomic<u32>, 4>;  // as in Quad
var<workgroup> count: atomic<u32>;
var<workgroup> extremes_low: array<atomic<u32>, 2>;  // the largest, and the largest complement
@if(wide) var<workgroup> extremes_high: array<atomic<u32>, 2>;

// No branches: an element that does not count is 0 to the sums and to both extremes.
fn fold_four(quad: Quad, four: Elements, present: u32) -> Quad {
  let mask = bitcast<vec4u>(vec4i(vec4u(present) << vec4u(31u, 30u, 29u, 28u)) >> vec4u(31u));
  return fold_masked(quad, four, mask, countOneBits(present));
}

fn fold_masked(quad: Quad, four: Elements, mask: vec4u, counted: u32) -> Quad {
  var folded = quad;
  let low = four.low & mask;
  let low_complement = ~four.low & mask;
  folded.count += counted;
  folded.sum += low;
  folded.upper_sum += low >> vec4u(16u);
  @if(wide) {
    let high = four.high & mask;
    let high_complement = ~four.high & mask;
    folded.high_sum += high;
    folded.high_upper_sum += high >> vec4u(16u);
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
fn add_sum(which: u32, part: vec4u, is_first: bool) {
  let sum = subgroupAdd(part.x + part.y + part.z + part.w);
  if is_first {
    atomicAdd(&sums[which], sum);
  }
}

@else
fn add_sum(which: u32, part: vec4u, is_first: bool) {
  atomicAdd(&sums[which], part.x + part.y + part.z + part.w);
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

@if(dense)
fn fold_dense(quad: Quad, row: u32) -> Quad {
  let four: Elements = elements(row);
  return fold_masked(quad, four, vec4u(0xffffffffu), 4u);
}

// Four at a time, where the slot is short: a filter four times over compiles for minutes in Chromium's software adapter.
@if(dense)
fn fold_whole_block(quad: Quad, block: u32, lane: u32) -> Quad {
  var folded = quad;
  for (var i = 0u; i < quads_per_lane; i += 4u) {
    let row = block * rows_per_block + 4u * (i * lanes + lane);
    folded = fold_dense(folded, row);
    folded = fold_dense(folded, row + 4u * lanes);
    folded = fold_dense(folded, row + 8u * lanes);
    folded = fold_dense(folded, row + 12u * lanes);
  }
  return folded;
}

@else
fn fold_whole_block(quad: Quad, block: u32, lane: u32) -> Quad {
  var folded = quad;
  for (var i = 0u; i < quads_per_lane; i++) {
    let four: Elements = elements(block * rows_per_block + 4u * (i * lanes + lane));
    folded = fold_four(folded, four, four.present);
  }
  return folded;
}

// The last elements of all, where they are no whole block. It is apart, since software adapters carry out both sides of
// a branch.
fn fold_rest(quad: Quad, block: u32, rows: u32, lane: u32) -> Quad {
  var folded = quad;
  for (var row = block * rows_per_block + 4u * lane; row < rows; row += 4u * lanes) {
    let four: Elements = elements(row);
    folded = fold_four(folded, four, four.present & (0xfu >> (4u - min(4u, rows - row))));
  }
  return folded;
}

// The sum of words from what it is modulo 2^32 and the sum of the words' upper halves.
fn whole_sum(sum: u32, upper_sum: u32) -> vec2u {
  let upper = vec2u(upper_sum << 16u, upper_sum >> 16u);
  return wide_add(upper, vec2u(sum - upper.x, 0u));
}

@compute @workgroup_size(64)
fn reduce(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32,
          @if(subgroups) @builtin(subgroup_invocation_id) subgroup_lane: u32) {
  let rows = row_count();
  let blocks = rows / rows_per_block + select(0u, 1u, rows % rows_per_block != 0u);
  let blocks_per_group = (blocks + grid.x * grid.y - 1u) / (grid.x * grid.y);
  let begin = block_of(group, grid) * blocks_per_group;
  let end = min(begin + blocks_per_group, blocks);
  if begin >= end {
    return;
  }
  // wgpu-native does not clear workgroup memory in trusted modules.
  if lane < 4u {
    atomicStore(&sums[lane], 0u);
  }
  if lane < 2u {
    atomicStore(&extremes_low[lane], 0u);
    @if(wide) atomicStore(&extremes_high[lane], 0u);
  }
  if lane == 0u {
    atomicStore(&count, 0u);
  }
  workgroupBarrier();
  var quad = Quad();
  let whole_blocks = rows / rows_per_block;
  for (var block = begin; block < min(end, whole_blocks); block++) {
    if block_passes(block) {
      quad = fold_whole_block(quad, block, lane);
    }
  }
  if end > whole_blocks && block_passes(whole_blocks) {
    quad = fold_rest(quad, whole_blocks, rows, lane);
  }

  @if(subgroups)
  let is_first = subgroup_lane == 0u;
  @else
  let is_first = false;
  add_sum(0u, quad.sum, is_first);
  add_sum(1u, quad.upper_sum, is_first);
  add_count(quad.count, is_first);
  @if(wide) {
    add_sum(2u, quad.high_sum, is_first);
    add_sum(3u, quad.high_upper_sum, is_first);
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
  if lane >= end - begin {
    return;
  }
  // Each block has a state; those of its neighbours are in the first's.
  if lane > 0u {
    states[first_block() + begin + lane] = reduce_identity();
    return;
  }
  let low_part = whole_sum(atomicLoad(&sums[0]), atomicLoad(&sums[1]));
  let high_part = whole_sum(atomicLoad(&sums[2]), atomicLoad(&sums[3]));
  let middle = wide_add(vec2u(low_part.y, 0u), high_part);
  @if(wide)
  let high = vec2u(~atomicLoad(&extremes_high[1]), atomicLoad(&extremes_high[0]));
  @else
  let high = vec2u(select(0u, 0xffffffffu, atomicLoad(&count) == 0u), 0u);
  states[first_block() + begin] =
      ReduceState(vec2u(~atomicLoad(&extremes_low[1]), high.x), vec2u(atomicLoad(&extremes_low[0]), high.y),
                  vec2u(low_part.x, middle.x), middle.y, atomicLoad(&count));
}
