// The row of the smallest element, or of the largest: the first of equal ones, a NaN only where there is nothing else.
// Method: find_in_blocks has one candidate for each 16,384 elements, find_best the best of those. An invocation goes over
// its elements from the last to the first, so that "not larger" leaves the first row of equals and needs no element to
// start with. Moves 4 bytes an element of one word, 8 of two.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, ordered_pair, ordered_word};
import package::primitives::word::Word;

// host-shareable
struct ArgExtremeParams {
  count: u32,
  sign_flip: u32,  // these make a KeyOrder
  is_float: u32,
  order_flip: u32,
}

struct Candidate {
  image: Word,
  row: u32,
}

@group(0) @binding(0) var<uniform> params: ArgExtremeParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> candidates: array<Candidate>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

const lanes = 64u;
const elements_per_group = 16384u;
const no_row = 0xffffffffu;

var<workgroup> lane_candidates: array<Candidate, lanes>;

fn no_candidate() -> Candidate {
  @if(wide)
  return Candidate(vec2u(0xffffffffu), no_row);
  @else
  return Candidate(0xffffffffu, no_row);
}

fn better(a: Candidate, b: Candidate) -> Candidate {
  @if(wide) {
    let is_less = b.image.y < a.image.y || (b.image.y == a.image.y && b.image.x < a.image.x);
    let takes_b = is_less || (all(a.image == b.image) && b.row < a.row);
    return Candidate(select(a.image, b.image, takes_b), select(a.row, b.row, takes_b));
  }
  @else {
    let takes_b = b.image < a.image || (b.image == a.image && b.row < a.row);
    return Candidate(select(a.image, b.image, takes_b), select(a.row, b.row, takes_b));
  }
}

fn best_of_lanes(lane: u32, own: Candidate) -> Candidate {
  lane_candidates[lane] = own;
  workgroupBarrier();
  for (var reach = lanes / 2u; reach > 0u; reach /= 2u) {
    if lane < reach {
      lane_candidates[lane] = better(lane_candidates[lane], lane_candidates[lane + reach]);
    }
    workgroupBarrier();
  }
  return lane_candidates[0];
}

@if(!wide)
fn image_of(bits: u32) -> u32 {
  let is_nan = params.is_float != 0u && (bits & 0x7fffffffu) > 0x7f800000u;
  return select(ordered_word(bits, KeyOrder(params.sign_flip, params.is_float, params.order_flip)), 0xffffffffu, is_nan);
}

@if(!wide)
fn images_of(quad: u32) -> vec4u {
  let four = values[quad];
  return vec4u(image_of(four.x), image_of(four.y), image_of(four.z), image_of(four.w));
}

@if(wide)
fn image_of(bits: vec2u) -> vec2u {
  return ordered_pair(bits, KeyOrder(params.sign_flip, params.is_float, params.order_flip));
}

fn candidate_of(image: Word, quad: u32, k: u32) -> Candidate {
  return Candidate(image, select(quad * 4u + k, no_row, quad == no_row));
}

@compute @workgroup_size(lanes)
fn find_in_blocks(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let block = block_of(group, grid);
  let first = block * (elements_per_group / 4u) + lane;
  let last_quad = (params.count - 1u) / 4u;
  if block > (params.count - 1u) / elements_per_group {
    return;
  }
  var quads = vec4u(no_row);  // of the best in each component
  @if(wide)
  var high = vec4u(0xffffffffu);
  var low = vec4u(0xffffffffu);
  for (var i = elements_per_group / (4u * lanes); i > 0u; i--) {
    let quad = first + (i - 1u) * lanes;
    let inside = min(quad, last_quad);
    let is_inside = vec4u(quad) * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count);
    @if(wide) {
      let front = values[2u * inside];
      let back = values[2u * inside + 1u];
      let a = image_of(front.xy);
      let b = image_of(front.zw);
      let c = image_of(back.xy);
      let d = image_of(back.zw);
      let image_low = vec4u(a.x, b.x, c.x, d.x);
      let image_high = vec4u(a.y, b.y, c.y, d.y);
      let takes = is_inside & ((image_high < high) | ((image_high == high) & (image_low <= low)));
      low = select(low, image_low, takes);
      high = select(high, image_high, takes);
      quads = select(quads, vec4u(quad), takes);
    }
    @else {
      let image = images_of(inside);
      let takes = is_inside & (image <= low);
      low = select(low, image, takes);
      quads = select(quads, vec4u(quad), takes);
    }
  }
  @if(wide)
  var own = better(better(candidate_of(vec2u(low.x, high.x), quads.x, 0u), candidate_of(vec2u(low.y, high.y), quads.y, 1u)),
                   better(candidate_of(vec2u(low.z, high.z), quads.z, 2u), candidate_of(vec2u(low.w, high.w), quads.w, 3u)));
  @else
  var own = better(better(candidate_of(low.x, quads.x, 0u), candidate_of(low.y, quads.y, 1u)),
                   better(candidate_of(low.z, quads.z, 2u), candidate_of(low.w, quads.w, 3u)));
  own = best_of_lanes(lane, own);
  if lane == 0u {
    candidates[block] = own;
  }
}

@compute @workgroup_size(lanes)
fn find_best(@builtin(local_invocation_index) lane: u32) {
  let blocks = params.count / elements_per_group + select(0u, 1u, params.count % elements_per_group != 0u);
  var own = no_candidate();
  for (var block = lane; block < blocks; block += lanes) {
    own = better(own, candidates[block]);
  }
  own = best_of_lanes(lane, own);
  if lane == 0u {
    result[0] = own.row;
  }
}
