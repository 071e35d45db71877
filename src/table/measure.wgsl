// What ingest must know of raw values before it can choose their encoding: for each block of 4,096 rows the
// smallest and largest value, how many are not null, and which divisors all differences share.
// Method: values become order-preserving 64-bit images, folded without branches. Of the divisors that the type makes
// likely, one invocation each first asks 64 pairs of the block's values, which rules nearly all of them out; only those
// left are asked of every row, the largest first, since what it is a multiple of need not be asked any more. A divisor
// is tested without dividing: x is a multiple of odd d exactly when x times d's inverse modulo 2^64 is at most
// (2^64 - 1) / d (Granlund & Montgomery 1994, section 9); powers of two are shifted out first.
// Moves 4 or 8 bytes a row, twice where a divisor is common, and 48 bytes a block.
import package::primitives::blocks::rows_per_block;
import package::primitives::wide::{wide_less, wide_max, wide_min, wide_multiply, wide_shift_right, wide_subtract};
import package::table::raw_values::{raw_bits, raw_image, raw_params, raw_valid};
@if(floats) import package::table::raw_values::{f64_is_f32, float_is_finite, raw_f64};

// host-shareable
struct BlockSummary {
  smallest: vec2u,  // images; above largest when count is 0
  largest: vec2u,
  finite_smallest: vec2u,  // the same without NaN and infinities, of floats
  finite_largest: vec2u,
  count: u32,       // rows that are not null
  divisors: u32,    // bit k: every difference of two values is a multiple of divisor k
  all_f32: u32,     // 1: every value is an f32's (f64 columns)
  reserved: u32,
}

@group(0) @binding(2) var<storage, read_write> summaries: array<BlockSummary>;

@if(!floats)
fn is_multiple(x: vec2u, k: u32) -> bool {
  let divisor = raw_params.divisors[k];
  let shifted = wide_shift_right(x, divisor.shift);
  let low_bits = vec2u(x.x & divisor.low_mask.x, x.y & divisor.low_mask.y);
  return all(low_bits == vec2u(0u)) && !wide_less(divisor.limit, wide_multiply(shifted, divisor.inverse));
}

fn merge_summaries(a: BlockSummary, b: BlockSummary) -> BlockSummary {
  return BlockSummary(wide_min(a.smallest, b.smallest), wide_max(a.largest, b.largest),
                      wide_min(a.finite_smallest, b.finite_smallest), wide_max(a.finite_largest, b.finite_largest),
                      a.count + b.count, 0u, a.all_f32 & b.all_f32, 0u);
}

// Few invocations with many rows each: what one finds out once serves more rows.
const lanes = 32u;
const rows_per_lane = rows_per_block / lanes;
const most_divisors = 16u;

var<workgroup> folded: array<BlockSummary, lanes>;
// Smallest and largest value of each invocation; the first above the second where it has none.
@if(!floats) var<workgroup> samples: array<vec4u, lanes>;
@if(!floats) var<workgroup> kept_divisors: atomic<u32>;  // bit k: divisor k may divide every difference
@if(!floats) var<workgroup> probed: u32;                 // the same, when only the samples had been asked

// Whether candidate k divides the distance of every sample from the smallest value.
@if(!floats)
fn divides_samples(k: u32, smallest: vec2u) -> bool {
  for (var i = 0u; i < lanes; i++) {
    let sample = samples[i];
    let is_some = !wide_less(sample.zw, sample.xy);
    if is_some && !(is_multiple(wide_subtract(sample.xy, smallest), k) && is_multiple(wide_subtract(sample.zw, smallest), k)) {
      return false;
    }
  }
  return true;
}

@if(!floats)
fn divides_rows_of(lane: u32, block: u32, k: u32, smallest: vec2u) -> bool {
  for (var i = 0u; i < rows_per_lane; i++) {
    let row = block * rows_per_block + i * lanes + lane;
    if row >= raw_params.rows {
      break;
    }
    if raw_valid(row) && !is_multiple(wide_subtract(raw_image(raw_bits(row)), smallest), k) {
      return false;
    }
  }
  return true;
}

// Leaves in kept_divisors the candidates that divide every distance from the smallest value.
@if(!floats)
fn keep_divisors(smallest: vec2u, block: u32, lane: u32) {
  if lane < most_divisors && !divides_samples(lane, smallest) {
    atomicAnd(&kept_divisors, ~(1u << lane));
  }
  workgroupBarrier();
  if lane == 0u {
    probed = atomicLoad(&kept_divisors);
  }
  var left = workgroupUniformLoad(&probed);
  var kept = left;
  for (var asked = left; asked != 0u;) {
    let k = firstLeadingBit(asked);
    asked &= ~(1u << k);
    if ((left >> k) & 1u) != 0u {
      let divides = divides_rows_of(lane, block, k, smallest);
      left &= ~select(1u << k, raw_params.divisors[k].implied, divides);
      kept &= ~select(1u << k, 0u, divides);
    }
  }
  atomicAnd(&kept_divisors, kept);
  workgroupBarrier();
}

@compute @workgroup_size(lanes)
fn measure(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let block = group.x;
  let none = vec2u(0xffffffffu);
  var summary = BlockSummary(none, vec2u(0u), none, vec2u(0u), 0u, 0u, 1u, 0u);
  for (var i = 0u; i < rows_per_lane; i++) {
    let row = block * rows_per_block + i * lanes + lane;
    if row >= raw_params.rows {
      break;
    }
    let bits = raw_bits(row);
    let image = raw_image(bits);
    let is_valid = raw_valid(row);
    summary.smallest = wide_min(summary.smallest, select(none, image, is_valid));
    summary.largest = wide_max(summary.largest, select(vec2u(0u), image, is_valid));
    @if(floats) {
      let is_finite = is_valid && float_is_finite(bits);
      summary.finite_smallest = wide_min(summary.finite_smallest, select(none, image, is_finite));
      summary.finite_largest = wide_max(summary.finite_largest, select(vec2u(0u), image, is_finite));
      summary.all_f32 &= select(1u, 0u, is_valid && raw_params.format == raw_f64 && !f64_is_f32(bits));
    }
    summary.count += select(0u, 1u, is_valid);
  }
  folded[lane] = summary;
  @if(!floats) {
    samples[lane] = vec4u(summary.smallest, summary.largest);
    if lane == 0u {
      atomicStore(&kept_divisors, raw_params.divisor_mask);
    }
  }
  workgroupBarrier();
  for (var reach = lanes / 2u; reach > 0u; reach /= 2u) {
    if lane < reach {
      folded[lane] = merge_summaries(folded[lane], folded[lane + reach]);
    }
    workgroupBarrier();
  }

  @if(!floats)
  keep_divisors(folded[0].smallest, block, lane);
  if lane == 0u {
    var whole = folded[0];
    @if(!floats)
    whole.divisors = atomicLoad(&kept_divisors);
    summaries[block] = whole;
  }
}
