// Where each of many keys belongs in a sorted array: before its equals, or where upper, behind them.
// Method: binary search, a lane a key; neighbouring keys that are near each other share cache lines.
// Moves 8 bytes a key of one word, and reads about log2 of the array's length elements.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, ordered_pair, ordered_word};
import package::primitives::word::Word;

// host-shareable
struct BoundsParams {
  count: u32,
  sorted_count: u32,
  is_upper: u32,
  sign_flip: u32,  // these make a KeyOrder
  is_float: u32,
  order_flip: u32,
}

@group(0) @binding(0) var<uniform> params: BoundsParams;
@group(0) @binding(1) var<storage, read> keys: array<Word>;
@group(0) @binding(2) var<storage, read> sorted: array<Word>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

const lanes = 256u;

fn image_of(key: Word) -> Word {
  @if(wide)
  return ordered_pair(key, KeyOrder(params.sign_flip, params.is_float, params.order_flip));
  @else
  return ordered_word(key, KeyOrder(params.sign_flip, params.is_float, params.order_flip));
}

fn precedes(a: Word, b: Word) -> bool {
  @if(wide)
  return a.y < b.y || (a.y == b.y && a.x < b.x);
  @else
  return a < b;
}

@compute @workgroup_size(lanes)
fn bounds(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let at = block_of(group, grid) * lanes + lane;
  if at >= params.count {
    return;
  }
  let key = image_of(keys[at]);
  var low = 0u;
  var high = params.sorted_count;
  while low < high {
    let middle = low + (high - low) / 2u;
    let found = image_of(sorted[middle]);
    let goes_right = select(precedes(found, key), !precedes(key, found), params.is_upper != 0u);
    low = select(low, middle + 1u, goes_right);
    high = select(middle, high, goes_right);
  }
  result[at] = low;
}
