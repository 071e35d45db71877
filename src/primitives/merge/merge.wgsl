// Two sorted arrays as one sorted array; of equal keys those of the first array come first.
// Method: merge path (Odeh et al. 2012; Green, McColl & Bader 2012). A workgroup writes 1,024 keys: two lanes find by
// binary search along the tile's diagonals which keys of both arrays these are, the workgroup reads them into its memory,
// and each lane finds and merges eight. Balanced whatever the keys.
// Moves 8 bytes a key of one word, 16 of two, and 8 with values.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, ordered_pair, ordered_word};
import package::primitives::word::Word;

// host-shareable
struct MergeParams {
  count: u32,  // of both
  a_count: u32,
  sign_flip: u32,  // these make a KeyOrder
  is_float: u32,
  order_flip: u32,
}

@group(0) @binding(0) var<uniform> params: MergeParams;
@group(0) @binding(1) var<storage, read> a_keys: array<Word>;
@group(0) @binding(2) var<storage, read> b_keys: array<Word>;
@group(0) @binding(3) var<storage, read_write> merged_keys: array<Word>;
@if(pairs) @group(0) @binding(4) var<storage, read> a_values: array<u32>;
@if(pairs) @group(0) @binding(5) var<storage, read> b_values: array<u32>;
@if(pairs) @group(0) @binding(6) var<storage, read_write> merged_values: array<u32>;

const lanes = 128u;
const keys_per_lane = 8u;
const tile_keys = lanes * keys_per_lane;

var<workgroup> staged: array<Word, tile_keys>;  // the tile's keys of the first array, then those of the second
var<workgroup> splits: array<u32, 2>;           // keys of the first array before the tile, and up to its end

fn image_of(key: Word) -> Word {
  @if(wide)
  return ordered_pair(key, KeyOrder(params.sign_flip, params.is_float, params.order_flip));
  @else
  return ordered_word(key, KeyOrder(params.sign_flip, params.is_float, params.order_flip));
}

// Whether `b` belongs before `a`, which goes first where they are equal.
fn goes_before(b: Word, a: Word) -> bool {
  let b_image = image_of(b);
  let a_image = image_of(a);
  @if(wide)
  return b_image.y < a_image.y || (b_image.y == a_image.y && b_image.x < a_image.x);
  @else
  return b_image < a_image;
}

// How many of the first `diagonal` merged keys are the first array's.
fn split_of(diagonal: u32) -> u32 {
  let b_count = params.count - params.a_count;
  var low = max(diagonal, b_count) - b_count;
  var high = min(diagonal, params.a_count);
  while low < high {
    let middle = low + (high - low) / 2u;
    let is_left = goes_before(b_keys[diagonal - 1u - middle], a_keys[middle]);
    high = select(high, middle, is_left);
    low = select(middle + 1u, low, is_left);
  }
  return low;
}

@compute @workgroup_size(lanes)
fn merge(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
         @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * tile_keys;
  if begin >= params.count {
    return;
  }
  let end = begin + min(tile_keys, params.count - begin);
  if lane < 2u {
    splits[lane] = split_of(select(begin, end, lane == 1u));
  }
  workgroupBarrier();
  let a_begin = splits[0];
  let a_size = splits[1] - a_begin;
  let b_begin = begin - a_begin;
  let b_size = end - begin - a_size;
  for (var i = lane; i < end - begin; i += lanes) {
    if i < a_size {
      staged[i] = a_keys[a_begin + i];
    } else {
      staged[i] = b_keys[b_begin + i - a_size];
    }
  }
  workgroupBarrier();
  let diagonal = min(lane * keys_per_lane, end - begin);
  var low = max(diagonal, b_size) - b_size;
  var high = min(diagonal, a_size);
  while low < high {
    let middle = low + (high - low) / 2u;
    let is_left = goes_before(staged[a_size + diagonal - 1u - middle], staged[middle]);
    high = select(high, middle, is_left);
    low = select(middle + 1u, low, is_left);
  }
  var a = low;
  var b = diagonal - low;
  let last = tile_keys - 1u;
  for (var i = diagonal; i < min(diagonal + keys_per_lane, end - begin); i++) {
    let a_key = staged[min(a, last)];
    let b_key = staged[min(a_size + b, last)];
    let takes_b = a >= a_size || (b < b_size && goes_before(b_key, a_key));
    merged_keys[begin + i] = select(a_key, b_key, takes_b);
    @if(pairs) {
      if takes_b {
        merged_values[begin + i] = b_values[b_begin + b];
      } else {
        merged_values[begin + i] = a_values[a_begin + a];
      }
    }
    a += select(1u, 0u, takes_b);
    b += select(0u, 1u, takes_b);
  }
}
