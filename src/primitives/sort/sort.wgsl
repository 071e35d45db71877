// One pass of a stable radix sort: keys, and what goes with them, move to where their digit says.
// Method: least significant digit first, as Satish, Harris & Garland 2009; count_tiles counts the digits of each tile of
// 4,096 keys, scan_rows and scan_digits say where each digit of each tile begins, scatter_tiles counts again and moves.
// With subgroups a digit has 8 bits, and lanes with one digit find each other by ballots (as Adinets & Merrill 2022,
// "Onesweep", do); without, it has 4 bits and each lane counts in places of its own. Nothing waits for another workgroup.
// Moves 12 bytes a key of one word and pass (4 read twice, 4 written), 8 more with values, 12 more with wide keys.
@if(subgroups) import package::primitives::ballots::{first_lane, lanes_before};
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, ordered_pair, ordered_word};
import package::primitives::workgroup_add::{summing_lanes, workgroup_add};

// host-shareable
struct SortParams {
  count: u32,
  shift: u32,      // of the digit's lowest bit
  digit_mask: u32,
  sign_flip: u32,  // these make a KeyOrder
  is_float: u32,
  order_flip: u32,
}

@group(0) @binding(0) var<uniform> params: SortParams;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;  // digit by digit, of each tile; then its places
@group(0) @binding(2) var<storage, read_write> digit_places: array<u32>;
// Written by the pass before, in the buffer of the counts.
@if(!wide) @group(0) @binding(3) var<storage, read_write> keys: array<u32>;
@if(!wide) @group(0) @binding(4) var<storage, read_write> sorted_keys: array<u32>;
@if(wide) @group(0) @binding(3) var<storage, read_write> keys: array<vec2u>;
@if(wide) @group(0) @binding(4) var<storage, read_write> sorted_keys: array<vec2u>;
@if(pairs) @group(0) @binding(5) var<storage, read_write> values: array<u32>;
@if(pairs) @group(0) @binding(6) var<storage, read_write> sorted_values: array<u32>;

const tile_keys = 4096u;

@if(subgroups)
const digits = 256u;
@if(!subgroups)
const digits = 16u;

fn tile_count() -> u32 {
  return params.count / tile_keys + select(0u, 1u, params.count % tile_keys != 0u);
}

@if(!wide)
fn digit_of(key: u32) -> u32 {
  return (ordered_word(key, KeyOrder(params.sign_flip, params.is_float, params.order_flip)) >> params.shift) &
         params.digit_mask;
}

@if(wide)
fn digit_of(key: vec2u) -> u32 {
  let image = ordered_pair(key, KeyOrder(params.sign_flip, params.is_float, params.order_flip));
  let low = (image.x >> (params.shift & 31u)) | select(image.y << (32u - (params.shift & 31u)), 0u, params.shift == 0u);
  return select(low, image.y >> (params.shift & 31u), params.shift >= 32u) & params.digit_mask;
}

// Of a workgroup; more subgroups than that stay idle. The host chooses `lanes` so that there are as many, if it can.
@if(subgroups)
const most_teams = 8u;
@if(subgroups)
override lanes: u32 = 256u;

@if(subgroups)
var<workgroup> team_places: array<atomic<u32>, most_teams * digits>;

@if(subgroups)
@compute @workgroup_size(lanes)
fn count_tiles(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let tile = block_of(group, grid);
  for (var digit = lane; digit < digits; digit += lanes) {
    atomicStore(&team_places[digit], 0u);
  }
  workgroupBarrier();
  for (var i = lane; i < tile_keys; i += lanes) {
    let at = tile * tile_keys + i;
    if at < params.count {
      atomicAdd(&team_places[digit_of(keys[at])], 1u);
    }
  }
  workgroupBarrier();
  let tiles = tile_count();
  for (var digit = lane; digit < digits; digit += lanes) {
    if tile < tiles {
      counts[digit * tiles + tile] = atomicLoad(&team_places[digit]);
    }
  }
}

@if(subgroups)
@compute @workgroup_size(lanes)
fn scatter_tiles(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                 @builtin(local_invocation_index) lane: u32, @builtin(subgroup_invocation_id) team_lane: u32,
                 @builtin(subgroup_size) subgroup_lanes: u32) {
  let tile = block_of(group, grid);
  let team_lanes = min(subgroup_lanes, lanes);
  let teams = min(lanes / team_lanes, most_teams);
  let team = lane / team_lanes;
  let keys_of_team = tile_keys / teams;
  let first = tile * tile_keys + team * keys_of_team;
  for (var i = lane; i < teams * digits; i += lanes) {
    atomicStore(&team_places[i], 0u);
  }
  workgroupBarrier();
  for (var i = team_lane; i < keys_of_team; i += team_lanes) {
    if team < teams && first + i < params.count {
      atomicAdd(&team_places[team * digits + digit_of(keys[first + i])], 1u);
    }
  }
  workgroupBarrier();
  let tiles = tile_count();
  for (var digit = lane; digit < digits; digit += lanes) {
    var place = digit_places[digit] + counts[digit * tiles + min(tile, tiles - 1u)];
    for (var k = 0u; k < teams; k++) {
      let own = atomicLoad(&team_places[k * digits + digit]);
      atomicStore(&team_places[k * digits + digit], place);
      place += own;
    }
  }
  workgroupBarrier();
  for (var i = 0u; i < keys_of_team; i += team_lanes) {
    let at = first + i + team_lane;
    let is_key = team < teams && at < params.count;
    let key = keys[min(at, params.count - 1u)];
    let digit = digit_of(key);
    // Lanes with this lane's digit.
    var peers = subgroupBallot(is_key);
    for (var bit = 0u; bit < 8u; bit++) {
      let is_set = ((digit >> bit) & 1u) == 1u;
      let having = subgroupBallot(is_set);
      peers &= select(~having, having, is_set);
    }
    let all = countOneBits(peers);
    let rank = lanes_before(peers, team_lane);
    // The first of them takes places for all.
    var place = 0u;
    if is_key && rank == 0u {
      place = atomicAdd(&team_places[team * digits + digit], all.x + all.y + all.z + all.w);
    }
    place = subgroupShuffle(place, min(first_lane(peers), team_lanes - 1u)) + rank;
    if is_key {
      sorted_keys[place] = key;
      @if(pairs) {
        sorted_values[place] = values[at];
      }
    }
    // The next row's leaders find what this row's took.
    workgroupBarrier();
  }
}

@if(!subgroups)
const lanes = 128u;
@if(!subgroups)
const keys_per_lane = tile_keys / lanes;

@if(!subgroups)
var<workgroup> lane_places: array<u32, digits * lanes>;  // digit by digit

@if(!subgroups)
fn count_lane(tile: u32, lane: u32) {
  for (var digit = 0u; digit < digits; digit++) {
    lane_places[digit * lanes + lane] = 0u;
  }
  let first = tile * tile_keys + lane * keys_per_lane;
  let end = min(params.count, first + keys_per_lane);
  for (var at = first; at < end; at++) {
    lane_places[digit_of(keys[at]) * lanes + lane]++;
  }
  workgroupBarrier();
}

@if(!subgroups)
@compute @workgroup_size(lanes)
fn count_tiles(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let tile = block_of(group, grid);
  count_lane(tile, lane);
  let tiles = tile_count();
  if lane < digits && tile < tiles {
    var sum = 0u;
    for (var k = 0u; k < lanes; k++) {
      // Each lane begins elsewhere, so that they do not meet in one bank.
      sum += lane_places[lane * lanes + (k + lane) % lanes];
    }
    counts[lane * tiles + tile] = sum;
  }
}

@if(!subgroups)
const parts_per_digit = lanes / digits;
@if(!subgroups)
const lanes_per_part = lanes / parts_per_digit;

@if(!subgroups)
var<workgroup> part_sums: array<u32, lanes>;

@if(!subgroups)
@compute @workgroup_size(lanes)
fn scatter_tiles(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                 @builtin(local_invocation_index) lane: u32) {
  let tile = block_of(group, grid);
  count_lane(tile, lane);
  // Places of a digit: a few lanes share its row, each some of the counts.
  let digit = lane / parts_per_digit;
  let part = lane % parts_per_digit;
  let begin = digit * lanes + part * lanes_per_part;
  var sum = 0u;
  for (var k = 0u; k < lanes_per_part; k++) {
    sum += lane_places[begin + k];
  }
  part_sums[lane] = sum;
  workgroupBarrier();
  let tiles = tile_count();
  var place = digit_places[digit] + counts[digit * tiles + min(tile, tiles - 1u)];
  for (var k = 0u; k < part; k++) {
    place += part_sums[lane - part + k];
  }
  for (var k = 0u; k < lanes_per_part; k++) {
    let own = lane_places[begin + k];
    lane_places[begin + k] = place;
    place += own;
  }
  workgroupBarrier();
  let first = tile * tile_keys + lane * keys_per_lane;
  let end = min(params.count, first + keys_per_lane);
  for (var at = first; at < end; at++) {
    let key = keys[at];
    let slot = digit_of(key) * lanes + lane;
    let target_place = lane_places[slot];
    lane_places[slot] = target_place + 1u;
    sorted_keys[target_place] = key;
    @if(pairs) {
      sorted_values[target_place] = values[at];
    }
  }
}

// A workgroup a digit: where its keys of each tile begin, among its own.
@compute @workgroup_size(summing_lanes)
fn scan_rows(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  const tiles_per_lane = 16u;
  let tiles = tile_count();
  var before = 0u;
  for (var first = 0u; first < tiles; first += summing_lanes * tiles_per_lane) {
    let begin = min(tiles, first + lane * tiles_per_lane);
    let end = min(tiles, begin + tiles_per_lane);
    var own = 0u;
    for (var tile = begin; tile < end; tile++) {
      own += counts[group.x * tiles + tile];
    }
    let added = workgroup_add(lane, own);
    var place = before + added.before;
    before += added.total;
    for (var tile = begin; tile < end; tile++) {
      let count = counts[group.x * tiles + tile];
      counts[group.x * tiles + tile] = place;
      place += count;
    }
  }
  if lane == 0u {
    digit_places[group.x] = before;
  }
}

// One workgroup: where each digit begins.
@compute @workgroup_size(summing_lanes)
fn scan_digits(@builtin(local_invocation_index) lane: u32) {
  const digits_per_lane = (digits + summing_lanes - 1u) / summing_lanes;
  let begin = min(digits, lane * digits_per_lane);
  let end = min(digits, begin + digits_per_lane);
  var own = 0u;
  for (var digit = begin; digit < end; digit++) {
    own += digit_places[digit];
  }
  var place = workgroup_add(lane, own).before;
  for (var digit = begin; digit < end; digit++) {
    let count = digit_places[digit];
    digit_places[digit] = place;
    place += count;
  }
}
