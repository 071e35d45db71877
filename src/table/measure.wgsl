// What ingest must know of raw values before it can choose their encoding: for each block of 4,096 rows the
// smallest and largest value, how many are not null, and which divisors all differences share.
// Method: values become order-preserving 64-bit images; states merge like any reduction. A divisor is tested
// without dividing: x is a multiple of odd d exactly when x times d's inverse modulo 2^64 is at most
// (2^64 - 1) / d (Granlund & Montgomery 1994, section 9); powers of two are shifted out first.
// Moves 4 or 8 bytes a row, and 48 bytes a block.
import package::primitives::blocks::rows_per_block;
import package::primitives::wide::{wide_less, wide_max, wide_min, wide_multiply, wide_shift_right, wide_subtract};
import package::table::raw_values::{raw_f32, raw_image, raw_is_f32, raw_is_finite, raw_params, raw_valid};

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

@group(0) @binding(3) var<storage, read_write> summaries: array<BlockSummary>;

fn is_multiple(x: vec2u, k: u32) -> bool {
  let divisor = raw_params.divisors[k];
  let shifted = wide_shift_right(x, divisor.shift);
  let low_bits = vec2u(x.x & divisor.low_mask.x, x.y & divisor.low_mask.y);
  return all(low_bits == vec2u(0u)) && !wide_less(divisor.limit, wide_multiply(shifted, divisor.inverse));
}

// The candidates among `mask` that divide the difference. The largest is asked first, since what it is a multiple of need
// not be asked any more: of minutes since 1970 that is one test a row instead of eleven.
fn common_divisors(mask: u32, a: vec2u, b: vec2u) -> u32 {
  let difference = wide_subtract(wide_max(a, b), wide_min(a, b));
  var left = mask;
  var kept = mask;
  if all(difference == vec2u(0u)) {
    return mask;
  }
  while left != 0u {
    let k = firstLeadingBit(left);
    if is_multiple(difference, k) {
      left &= ~raw_params.divisors[k].implied;
    } else {
      left &= ~(1u << k);
      kept &= ~(1u << k);
    }
  }
  return kept;
}

fn merge_summaries(a: BlockSummary, b: BlockSummary) -> BlockSummary {
  if a.count == 0u {
    return b;
  }
  if b.count == 0u {
    return a;
  }
  return BlockSummary(wide_min(a.smallest, b.smallest), wide_max(a.largest, b.largest),
                      wide_min(a.finite_smallest, b.finite_smallest), wide_max(a.finite_largest, b.finite_largest),
                      a.count + b.count,
                      common_divisors(a.divisors & b.divisors, a.smallest, b.smallest), a.all_f32 & b.all_f32, 0u);
}

// Few invocations with many rows each: every one of them has to find out for itself which divisors fail.
const lanes = 64u;

var<workgroup> folded: array<BlockSummary, lanes>;

@compute @workgroup_size(lanes)
fn measure(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let block = group.x;
  // Integers are all finite and no f64, which most of the work below is about.
  let is_float = raw_params.format >= raw_f32;
  var smallest = vec2u(0xffffffffu);
  var largest = vec2u(0u);
  var finite_smallest = smallest;
  var finite_largest = largest;
  var count = 0u;
  var divisors = raw_params.divisor_mask;
  var all_f32 = true;
  var reference = vec2u(0u);
  for (var i = 0u; i < rows_per_block / lanes; i++) {
    let row = block * rows_per_block + i * lanes + lane;
    if row < raw_params.rows && raw_valid(row) {
      let image = raw_image(row);
      smallest = wide_min(smallest, image);
      largest = wide_max(largest, image);
      if count == 0u {
        reference = image;
      }
      count++;
      if divisors != 0u {
        divisors = common_divisors(divisors, image, reference);
      }
      if is_float {
        all_f32 = all_f32 && raw_is_f32(row);
        if raw_is_finite(row) {
          finite_smallest = wide_min(finite_smallest, image);
          finite_largest = wide_max(finite_largest, image);
        }
      }
    }
  }
  var summary = BlockSummary(smallest, largest, finite_smallest, finite_largest, count, divisors, select(0u, 1u, all_f32),
                             0u);
  if !is_float {
    summary.finite_smallest = smallest;
    summary.finite_largest = largest;
  }
  folded[lane] = summary;
  workgroupBarrier();
  for (var reach = lanes / 2u; reach > 0u; reach /= 2u) {
    if lane < reach {
      folded[lane] = merge_summaries(folded[lane], folded[lane + reach]);
    }
    workgroupBarrier();
  }
  if lane == 0u {
    summaries[block] = folded[0];
  }
}
