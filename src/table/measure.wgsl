// What ingest must know of raw values before it can choose their encoding: for each block of 4,096 rows the
// smallest and largest value, how many are not null, and which divisors all differences share.
// Method: values become order-preserving 64-bit images; states merge like any reduction. A divisor is tested
// without dividing: x is a multiple of odd d exactly when x times d's inverse modulo 2^64 is at most
// (2^64 - 1) / d (Granlund & Montgomery 1994, section 9); powers of two are shifted out first.
// Moves 4 or 8 bytes a row, and 48 bytes a block.
import package::primitives::blocks::rows_per_block;
import package::primitives::wide::{wide_less, wide_max, wide_min, wide_multiply, wide_shift_right, wide_subtract};
import package::table::raw_values::{raw_image, raw_is_f32, raw_is_finite, raw_params, raw_valid};

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

var<workgroup> folded: array<BlockSummary, 256>;

@compute @workgroup_size(256)
fn measure(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let block = group.x;
  let none = BlockSummary(vec2u(0xffffffffu), vec2u(0u), vec2u(0xffffffffu), vec2u(0u), 0u, 0xffffffffu, 1u, 0u);
  var summary = none;
  for (var i = 0u; i < 16u; i++) {
    let row = block * rows_per_block + i * 256u + lane;
    if row < raw_params.rows && raw_valid(row) {
      let image = raw_image(row);
      let finite = raw_is_finite(row);
      summary = merge_summaries(
          summary, BlockSummary(image, image, select(none.finite_smallest, image, finite),
                                select(none.finite_largest, image, finite), 1u, raw_params.divisor_mask,
                                select(0u, 1u, raw_is_f32(row)), 0u));
    }
  }
  folded[lane] = summary;
  workgroupBarrier();
  for (var reach = 128u; reach > 0u; reach /= 2u) {
    if lane < reach {
      folded[lane] = merge_summaries(folded[lane], folded[lane + reach]);
    }
    workgroupBarrier();
  }
  if lane == 0u {
    summaries[block] = folded[0];
  }
}
