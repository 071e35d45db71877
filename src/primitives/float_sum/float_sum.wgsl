// Exact sum of floats, given as the images of their bits, in one pass and to the same bits in every order.
// Method: a superaccumulator, after Kulisch (1986) and Neal (2015): the sum is an integer multiple of 2^-1074, held as
// 66 limbs of 32 bits, to which each mantissa is added at the place its exponent says. An invocation adds its 16
// elements in registers, in a signed window of four limbs, since neighbours are mostly of one size. The window goes to
// limbs in workgroup memory when an element lies outside it, and those go to GPU memory once a workgroup. Carries are
// counted beside each limb and never passed on, so all these additions commute; the host passes them on and rounds.
// Moves what the slot reads; for a block of 4,096 elements one atomic add for each limb that is not zero, mostly 4 to 6.
import package::primitives::blocks::{block_of, rows_per_block};
import package::primitives::elements::Elements;
import slots::{block_passes, elements, row_count};

const limb_count = 66u;
const last_window = 62u;  // the window of the largest floats ends with the last limb

// host-shareable
struct FloatSumState {
  limbs: array<atomic<u32>, 132>,    // of the positive elements' sum, lowest first, then of the negative ones'
  carries: array<atomic<u32>, 132>,  // how often each limb overflowed: units of the next one
  count: atomic<u32>,                // elements, those below included
  nans: atomic<u32>,
  positive_infinities: atomic<u32>,
  negative_infinities: atomic<u32>,
}

@group(0) @binding(0) var<storage, read_write> float_sum_state: FloatSumState;

var<workgroup> group_limbs: array<atomic<u32>, 132>;
var<workgroup> group_carries: array<atomic<u32>, 132>;
var<workgroup> group_tallies: array<atomic<u32>, 4>;

// A finite element as mantissa x 2^(place - 1074).
struct Placed {
  is_negative: bool,
  is_finite: bool,
  mantissa: vec2u,
  place: u32,  // 0 to 2,045
}

@if(wide)
fn place_element(low: u32, high: u32) -> Placed {
  let is_negative = (high & 0x80000000u) == 0u;
  let bits = select(vec2u(low, high ^ 0x80000000u), ~vec2u(low, high), is_negative);
  let exponent = (bits.y >> 20u) & 0x7ffu;
  let leading = select(0x100000u, 0u, exponent == 0u);
  return Placed(is_negative, exponent != 0x7ffu, vec2u(bits.x, (bits.y & 0xfffffu) | leading), max(exponent, 1u) - 1u);
}
@else
fn place_element(image: u32) -> Placed {
  let is_negative = (image & 0x80000000u) == 0u;
  let bits = select(image ^ 0x80000000u, ~image, is_negative);
  let exponent = (bits >> 23u) & 0xffu;
  let mantissa = (bits & 0x7fffffu) | select(0x800000u, 0u, exponent == 0u);
  return Placed(is_negative, exponent != 0xffu, vec2u(mantissa << 29u, mantissa >> 3u), max(exponent, 1u) + 895u);
}

// a + b + carry, modulo 2^128.
fn add_windows(a: vec4u, b: vec4u, carry: u32) -> vec4u {
  let sum = a + b;
  let overflowed = select(vec4u(0u), vec4u(1u), sum < a);
  let x = sum.x + carry;
  let carry_x = overflowed.x | select(0u, 1u, x < carry);
  let y = sum.y + carry_x;
  let carry_y = overflowed.y | select(0u, 1u, y < carry_x);
  let z = sum.z + carry_y;
  let carry_z = overflowed.z | select(0u, 1u, z < carry_y);
  return vec4u(x, y, z, sum.w + carry_z);
}

// The element's share of a window that begins at its limb or one limb below.
fn shifted_mantissa(mantissa: vec2u, place: u32, window: u32) -> vec4u {
  let bits = place % 32u;
  // Shifting by 32 is not defined; by 1 and then by 31 it is.
  let middle = (mantissa.y << bits) | ((mantissa.x >> 1u) >> (31u - bits));
  let words = vec3u(mantissa.x << bits, middle, (mantissa.y >> 1u) >> (31u - bits));
  return select(vec4u(0u, words), vec4u(words, 0u), place / 32u == window);
}

fn add_to_group(limb: u32, word: u32) {
  if word == 0u {
    return;
  }
  let before = atomicAdd(&group_limbs[limb], word);
  if before + word < word {
    atomicAdd(&group_carries[limb], 1u);
  }
}

fn flush_window(sum: vec4u, window: u32) {
  var words = sum;
  var first = window;
  if (sum.w & 0x80000000u) != 0u {
    words = add_windows(~sum, vec4u(0u), 1u);
    first += limb_count;
  }
  for (var i = 0u; i < 4u; i++) {
    add_to_group(first + i, words[i]);
  }
}

@compute @workgroup_size(256)
fn float_sum(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
             @builtin(local_invocation_index) lane: u32) {
  let block = block_of(group, grid);
  let rows = row_count();
  if block * rows_per_block >= rows || !block_passes(block) {
    return;
  }
  // wgpu-native does not clear workgroup memory in trusted modules.
  if lane < 2u * limb_count {
    atomicStore(&group_limbs[lane], 0u);
    atomicStore(&group_carries[lane], 0u);
  }
  if lane < 4u {
    atomicStore(&group_tallies[lane], 0u);
  }
  workgroupBarrier();
  var sum = vec4u(0u);
  var window = 0u;
  var tallies = vec4u(0u);
  for (var i = 0u; i < 4u; i++) {
    let row = block * rows_per_block + (i * 256u + lane) * 4u;
    if row >= rows {
      break;
    }
    let four: Elements = elements(row);
    let last = min(4u, rows - row);
    for (var k = 0u; k < last; k++) {
      if ((four.present >> k) & 1u) == 0u {
        continue;
      }
      tallies.x++;
      @if(wide)
      let element = place_element(four.low[k], four.high[k]);
      @else
      let element = place_element(four.low[k]);
      if !element.is_finite {
        let is_nan = any((element.mantissa & vec2u(0xffffffffu, 0xfffffu)) != vec2u(0u));
        tallies += select(select(vec4u(0u, 0u, 1u, 0u), vec4u(0u, 0u, 0u, 1u), element.is_negative),
                          vec4u(0u, 1u, 0u, 0u), is_nan);
        continue;
      }
      if all(element.mantissa == vec2u(0u)) {
        continue;
      }
      let limb = element.place / 32u;
      if limb < window || limb > window + 1u {
        flush_window(sum, window);
        sum = vec4u(0u);
        // Sizes that straddle a limb's end share a window from now on.
        window = min(select(limb - 1u, limb, limb < window || window == 0u), last_window);
      }
      let share = shifted_mantissa(element.mantissa, element.place, window);
      // 16 mantissas of 53 bits, shifted by at most 63, stay below 2^120 in size.
      sum = select(add_windows(sum, share, 0u), add_windows(sum, ~share, 1u), element.is_negative);
    }
  }
  flush_window(sum, window);
  for (var i = 0u; i < 4u; i++) {
    if tallies[i] != 0u {
      atomicAdd(&group_tallies[i], tallies[i]);
    }
  }
  workgroupBarrier();
  if lane < 2u * limb_count {
    let word = atomicLoad(&group_limbs[lane]);
    var carries = atomicLoad(&group_carries[lane]);
    if word != 0u {
      let before = atomicAdd(&float_sum_state.limbs[lane], word);
      carries += select(0u, 1u, before + word < word);
    }
    if carries != 0u {
      atomicAdd(&float_sum_state.carries[lane], carries);
    }
  }
  if lane == 0u {
    atomicAdd(&float_sum_state.count, atomicLoad(&group_tallies[0]));
    if atomicLoad(&group_tallies[1]) != 0u {
      atomicAdd(&float_sum_state.nans, atomicLoad(&group_tallies[1]));
    }
    if atomicLoad(&group_tallies[2]) != 0u {
      atomicAdd(&float_sum_state.positive_infinities, atomicLoad(&group_tallies[2]));
    }
    if atomicLoad(&group_tallies[3]) != 0u {
      atomicAdd(&float_sum_state.negative_infinities, atomicLoad(&group_tallies[3]));
    }
  }
}
