// Puts the first k of some thousand elements where they belong: a lane of each tells how many others come before its
// own. As many comparisons as the square of them, but in one dispatch, where a sort is a dozen. `one`: the
// image of the one of a rank, of elements that are images.
// Of equal elements the first row comes first, so they may come in any order. A workgroup ranks 16, each by 16 lanes, that
// compare four at once: what bounds it is how long workgroup memory takes to answer. 64 by four lanes and one by one took 0.08 ms
// of 4,200 elements on an H200.
import package::primitives::key_image::{image_of, is_before};
import package::primitives::word::{Word, is_equal};

// host-shareable
struct PlaceRankedParams {
  count: u32,  // of all elements
  k: u32,
  flips: vec2u,  // make an image
  room: u32,     // elements at most; of `one` exactly
  rank: u32,     // of that one
}

@group(0) @binding(0) var<uniform> params: PlaceRankedParams;
@group(0) @binding(1) var<storage, read_write> chosen_values: array<Word>;
@group(0) @binding(2) var<storage, read_write> chosen_rows: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<Word>;  // of `one` its image
@if(!one) @group(0) @binding(4) var<storage, read_write> rows: array<u32>;
@if(!one) @group(0) @binding(5) var<storage, read_write> result_count: array<u32>;
@if(!one) @group(0) @binding(6) var<storage, read_write> chosen_count: array<u32>;

const lanes = 256u;
const elements_per_group = 16u;
const parts = lanes / elements_per_group;
const at_once = 4u;
const tile = 1024u;

var<workgroup> images: array<Word, tile>;
var<workgroup> image_rows: array<u32, tile>;
var<workgroup> ranks: array<atomic<u32>, elements_per_group>;
@if(!one)
var<workgroup> element_count: u32;

fn image_at(i: u32) -> Word {
  @if(one)
  return chosen_values[i];
  @else
  return image_of(chosen_values[i], params.flips);
}

@compute @workgroup_size(lanes)
fn place_ranked(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  @if(one)
  let elements = params.room;
  @else {
    if lane == 0u {
      element_count = min(chosen_count[0], params.room);
    }
  }
  @if(!one)
  let elements = workgroupUniformLoad(&element_count);
  let wanted = min(params.k, params.count);
  @if(!one)
  if group.x == 0u && lane == 0u {
    result_count[0] = wanted;
  }
  if group.x * elements_per_group >= elements {
    return;
  }
  let place = lane % elements_per_group;
  let part = lane / elements_per_group;
  if part == 0u {
    atomicStore(&ranks[place], 0u);
  }
  let own = min(group.x * elements_per_group + place, elements - 1u);
  let own_image = image_at(own);
  let own_row = chosen_rows[own];
  var rank = 0u;
  for (var begin = 0u; begin < elements; begin += tile) {
    workgroupBarrier();
    for (var i = lane; i < tile; i += lanes) {
      // Behind the last stands what comes before nothing.
      let is_there = begin + i < elements;
      let other = min(begin + i, elements - 1u);
      images[i] = select(~Word(0u), image_at(other), is_there);
      image_rows[i] = select(~0u, chosen_rows[other], is_there);
    }
    workgroupBarrier();
    for (var i = part * at_once; i < min(tile, elements - begin); i += parts * at_once) {
      for (var k = 0u; k < at_once; k++) {
        let image = images[i + k];
        let is_first = is_before(image, own_image) | (is_equal(image, own_image) & (image_rows[i + k] < own_row));
        rank += select(0u, 1u, is_first);
      }
    }
  }
  atomicAdd(&ranks[place], rank);
  workgroupBarrier();
  let own_rank = atomicLoad(&ranks[place]);
  if part == 0u && group.x * elements_per_group + place < elements {
    @if(one)
    if own_rank == params.rank {
      result[0] = own_image;
    }
    @if(!one)
    if own_rank < wanted {
      result[own_rank] = chosen_values[own];
      rows[own_rank] = own_row;
    }
  }
}
