// One pass of a stable radix sort by 8 bits, for GPUs with subgroups: what a tile holds is put in order in workgroup memory
// first, so that all keys of a digit go out side by side.
// Method: as sort.wgsl's, reduce-then-scan. count_tiles counts the digits of each tile, sum_chunks those of each 128
// tiles, place_tiles says where each digit of each tile begins, scatter_tiles moves. A lane keeps its 22 keys in
// registers; lanes with one digit find each other by ballots (Adinets & Merrill 2022, "Onesweep"). Lanes past the last key
// hold one that goes last, so that nothing asks again what is there.
// Moves 12 bytes a key of one word and pass (4 read twice, 4 written), 8 more with values, 12 more with wide keys. Bound by
// latency between barriers: on an H100 four passes over 2^27 keys take 3.84 ms, 6.42 with values; a scan moves as
// many bytes as the keys in 2.6.
import package::primitives::ballots::{first_lane, lanes_before};
import package::primitives::blocks::block_of;
@if(floats) import package::primitives::ordered_key::{KeyOrder, ordered_word};
import package::primitives::word::Word;

// host-shareable
struct StagedSortParams {
  count: u32,
  shift: u32,       // of the digit's lowest bit
  digit_mask: u32,
  order_flip: u32,
  flips: vec2u,     // what makes an integer's image of its words
  last_key: vec2u,  // a key whose digit is the highest
}

@group(0) @binding(0) var<uniform> params: StagedSortParams;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;  // tile by tile, of each digit; then its places
@group(0) @binding(2) var<storage, read_write> chunk_counts: array<u32>;
@group(0) @binding(3) var<storage, read_write> keys: array<Word>;
@group(0) @binding(4) var<storage, read_write> sorted_keys: array<Word>;
@if(pairs) @group(0) @binding(5) var<storage, read_write> values: array<u32>;
@if(pairs) @group(0) @binding(6) var<storage, read_write> sorted_values: array<u32>;

// The host's choice (sort_tuning.h): lanes of a workgroup, and of a subgroup at least. What stands here suits any adapter.
override lanes: u32 = 32u;
override least_team_lanes: u32 = 4u;
// Whether a subgroup's atomics on workgroup memory come one after the other, in the one order of its lanes.
override is_lockstep: bool = false;

const digits = 256u;
const tiles_per_chunk = 128u;
const batch = 8u;  // of loads under way at once

const words_per_lane = 22u;  // two more, and a GPU's registers hold half as many workgroups
@if(wide)
const keys_per_lane = words_per_lane / 2u;
@if(!wide)
const keys_per_lane = words_per_lane;

var<workgroup> digit_counts: array<atomic<u32>, digits>;  // of a tile

// Where a subgroup's keys of a digit go, subgroup by subgroup; once all lanes know their places, what is moved.
var<workgroup> staged: array<atomic<u32>, max(lanes * words_per_lane, lanes / least_team_lanes * digits)>;
var<workgroup> shifts: array<u32, digits>;  // from the tile's places to the result's
var<workgroup> team_sums: array<u32, lanes / least_team_lanes>;

fn tile_keys() -> u32 {
  return lanes * keys_per_lane;
}

fn tile_count() -> u32 {
  return (params.count - 1u) / tile_keys() + 1u;
}

fn digit_of(key: Word) -> u32 {
  @if(wide) {
    let image = key ^ params.flips;
    let low = (image.x >> (params.shift & 31u)) | select(image.y << (32u - (params.shift & 31u)), 0u, params.shift == 0u);
    return select(low, image.y >> (params.shift & 31u), params.shift >= 32u) & params.digit_mask;
  }
  @elif(floats) {
    return (ordered_word(key, KeyOrder(0u, 1u, params.order_flip)) >> params.shift) & params.digit_mask;
  }
  @else {
    return ((key ^ params.flips.x) >> params.shift) & params.digit_mask;
  }
}

fn load_key(at: u32) -> Word {
  let key = keys[min(at, params.count - 1u)];
  @if(wide)
  return select(params.last_key, key, at < params.count);
  @else
  return select(params.last_key.x, key, at < params.count);
}

@compute @workgroup_size(lanes)
fn count_tiles(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32) {
  let tile = block_of(group, grid);
  if tile >= tile_count() {
    return;
  }
  for (var digit = lane; digit < digits; digit += lanes) {
    atomicStore(&digit_counts[digit], 0u);
  }
  workgroupBarrier();
  // Those past the end count as the last tile's highest digit, behind which nothing stands.
  var own: array<Word, keys_per_lane>;
  @unroll for (var i = 0u; i < keys_per_lane; i++) {
    own[i] = load_key(tile * tile_keys() + i * lanes + lane);
  }
  @unroll for (var i = 0u; i < keys_per_lane; i++) {
    atomicAdd(&digit_counts[digit_of(own[i])], 1u);
  }
  workgroupBarrier();
  for (var digit = lane; digit < digits; digit += lanes) {
    counts[tile * digits + digit] = atomicLoad(&digit_counts[digit]);
  }
}

@compute @workgroup_size(digits)
fn sum_chunks(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
              @builtin(local_invocation_index) digit: u32) {
  let chunk = block_of(group, grid);
  let end = min(tile_count(), (chunk + 1u) * tiles_per_chunk);
  var sum = 0u;
  for (var tile = chunk * tiles_per_chunk; tile < end; tile += batch) {
    @unroll for (var k = 0u; k < batch; k++) {
      sum += select(0u, counts[min(tile + k, end - 1u) * digits + digit], tile + k < end);
    }
  }
  if chunk * tiles_per_chunk < end {
    chunk_counts[chunk * digits + digit] = sum;
  }
}

// What stands left of each lane, of all lanes of the workgroup.
fn sum_left(own: u32, lane: u32, team_lane: u32, team_lanes: u32) -> u32 {
  let left = subgroupExclusiveAdd(own);
  let team = lane / team_lanes;
  if team_lane == team_lanes - 1u {
    team_sums[team] = left + own;
  }
  workgroupBarrier();
  var sum = left;
  for (var k = 0u; k < team; k++) {
    sum += team_sums[k];
  }
  return sum;
}

// A digit a lane: what all lower digits have, what its own has in earlier chunks, and then tile by tile.
@compute @workgroup_size(lanes)
fn place_tiles(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
               @builtin(local_invocation_index) lane: u32, @builtin(subgroup_invocation_id) team_lane: u32,
               @builtin(subgroup_size) subgroup_lanes: u32) {
  let chunk = block_of(group, grid);
  let tiles = tile_count();
  let chunks = (tiles - 1u) / tiles_per_chunk + 1u;
  var lower = 0u;
  for (var first = 0u; first < digits; first += lanes) {
    let digit = first + lane;
    var before = 0u;
    var all = 0u;
    for (var other = 0u; other < chunks; other += batch) {
      @unroll for (var k = 0u; k < batch; k++) {
        let count = chunk_counts[min(other + k, chunks - 1u) * digits + digit];
        before += select(0u, count, other + k < min(chunk, chunks));
        all += select(0u, count, other + k < chunks);
      }
    }
    let left = sum_left(all, lane, team_lane, min(subgroup_lanes, lanes));
    var place = lower + left + before;
    if lane == lanes - 1u {
      shifts[0] = left + all;
    }
    workgroupBarrier();
    lower += shifts[0];
    workgroupBarrier();
    let end = min(tiles, (chunk + 1u) * tiles_per_chunk);
    for (var tile = chunk * tiles_per_chunk; tile < end; tile += batch) {
      var own: array<u32, batch>;
      @unroll for (var k = 0u; k < batch; k++) {
        own[k] = counts[min(tile + k, end - 1u) * digits + digit];
      }
      @unroll for (var k = 0u; k < batch; k++) {
        if tile + k < end {
          counts[(tile + k) * digits + digit] = place;
        }
        place += own[k];
      }
    }
  }
}

// Takes a place among its subgroup's keys of the digit for each lane, in the order of lanes.
fn take_place(team: u32, digit: u32, team_lane: u32, team_lanes: u32) -> u32 {
  var peers = subgroupBallot(true);  // lanes with this lane's digit
  @unroll for (var bit = 0u; bit < 8u; bit++) {
    let is_set = ((digit >> bit) & 1u) == 1u;
    let having = subgroupBallot(is_set);
    peers &= select(~having, having, is_set);
  }
  let all = countOneBits(peers);
  let rank = lanes_before(peers, team_lane);
  // The first of them takes places for all.
  var place = 0u;
  if rank == 0u {
    place = atomicAdd(&staged[team * digits + digit], all.x + all.y + all.z + all.w);
  }
  place = subgroupShuffle(place, min(first_lane(peers), team_lanes - 1u)) + rank;
  // The next row's leaders find what this row's took. Where a subgroup's atomics come one after the other, they do.
  if !is_lockstep {
    workgroupBarrier();
  }
  return place;
}

// From counts of each subgroup's keys of a digit to their places in the tile, and from these to the result's.
fn place_teams(tile: u32, lane: u32, team_lane: u32, team_lanes: u32) {
  let teams = lanes / team_lanes;
  let digits_per_lane = (digits + lanes - 1u) / lanes;
  var own = 0u;
  for (var digit = lane * digits_per_lane; digit < (lane + 1u) * digits_per_lane; digit++) {
    shifts[digit] = own;
    for (var k = 0u; k < teams; k++) {
      own += atomicLoad(&staged[k * digits + digit]);
    }
  }
  let left = sum_left(own, lane, team_lane, team_lanes);
  for (var digit = lane * digits_per_lane; digit < (lane + 1u) * digits_per_lane; digit++) {
    var place = left + shifts[digit];
    shifts[digit] = counts[tile * digits + digit] - place;
    for (var k = 0u; k < teams; k++) {
      let count = atomicLoad(&staged[k * digits + digit]);
      atomicStore(&staged[k * digits + digit], place);
      place += count;
    }
  }
}

@compute @workgroup_size(lanes)
fn scatter_tiles(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                 @builtin(local_invocation_index) lane: u32, @builtin(subgroup_invocation_id) team_lane: u32,
                 @builtin(subgroup_size) subgroup_lanes: u32) {
  let tile = block_of(group, grid);
  if tile >= tile_count() {
    return;
  }
  let team_lanes = min(subgroup_lanes, lanes);
  let team = lane / team_lanes;
  for (var i = lane; i < lanes / team_lanes * digits; i += lanes) {
    atomicStore(&staged[i], 0u);
  }
  // A subgroup has neighbours, row by row.
  let first = tile * tile_keys() + team * team_lanes * keys_per_lane + team_lane;
  var own: array<Word, keys_per_lane>;
  @unroll for (var i = 0u; i < keys_per_lane; i++) {
    own[i] = load_key(first + i * team_lanes);
  }
  workgroupBarrier();
  var places: array<u32, keys_per_lane>;
  @unroll for (var i = 0u; i < keys_per_lane; i++) {
    places[i] = take_place(team, digit_of(own[i]), team_lane, team_lanes);
  }
  workgroupBarrier();
  place_teams(tile, lane, team_lane, team_lanes);
  workgroupBarrier();
  @unroll for (var i = 0u; i < keys_per_lane; i++) {
    places[i] += atomicLoad(&staged[team * digits + digit_of(own[i])]);
  }
  workgroupBarrier();
  @unroll for (var i = 0u; i < keys_per_lane; i++) {
    @if(wide) {
      atomicStore(&staged[places[i]], own[i].x);
      atomicStore(&staged[places[i] + tile_keys()], own[i].y);
    }
    @else {
      atomicStore(&staged[places[i]], own[i]);
    }
  }
  workgroupBarrier();
  let present = min(tile_keys(), params.count - tile * tile_keys());
  @if(pairs)
  var targets: array<u32, keys_per_lane>;
  @unroll for (var i = 0u; i < keys_per_lane; i++) {
    let place = i * lanes + lane;
    @if(wide)
    let key = vec2u(atomicLoad(&staged[place]), atomicLoad(&staged[place + tile_keys()]));
    @else
    let key = atomicLoad(&staged[place]);
    let at = shifts[digit_of(key)] + place;
    if place < present {
      sorted_keys[at] = key;
    }
    @if(pairs) {
      targets[i] = at;
    }
  }
  @if(pairs) {
    workgroupBarrier();
    @unroll for (var i = 0u; i < keys_per_lane; i++) {
      atomicStore(&staged[places[i]], values[min(first + i * team_lanes, params.count - 1u)]);
    }
    workgroupBarrier();
    @unroll for (var i = 0u; i < keys_per_lane; i++) {
      let place = i * lanes + lane;
      if place < present {
        sorted_values[targets[i]] = atomicLoad(&staged[place]);
      }
    }
  }
}
