// The elements that a test keeps, or the numbers of their rows, moved together in order, in one reading.
// Method: look_back.wgsl's, over tiles of 8,192 rows, or 16,384. A tile's words and which of them are kept, as bits, stay in
// registers while the walk finds how many are kept before it. What two lines of a subgroup keep is then put together in
// workgroup memory, from where neighbouring lanes write neighbouring words; elements of two words are written where they are.
// Moves what the test reads once, and for each kept element its word or two, read and written, and 4 bytes of its row.
import package::primitives::look_back::look_back::{
  Walk, first_quad, lines, look, pass_silent, patient_looks, said_all, said_own, say, scan_team, scan_teams, take_tile,
  tile_elements, tile_lanes,
};
import slots::{combine, identity, kept};  // of which the first two add

// host-shareable
struct ChainedCompactParams {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: ChainedCompactParams;
@group(0) @binding(2) var<storage, read_write> kept_count: array<u32>;
@if(rows) @group(0) @binding(3) var<storage, read_write> rows: array<u32>;
@if(values && rows) @group(0) @binding(4) var<storage, read> values: array<vec4u>;
@if(values && !rows) @group(0) @binding(3) var<storage, read> values: array<vec4u>;
@if(values && rows && !wide_values) @group(0) @binding(5) var<storage, read_write> result: array<u32>;
@if(values && !rows && !wide_values) @group(0) @binding(4) var<storage, read_write> result: array<u32>;
@if(values && rows && wide_values) @group(0) @binding(5) var<storage, read_write> result: array<vec2u>;
@if(values && !rows && wide_values) @group(0) @binding(4) var<storage, read_write> result: array<vec2u>;

fn kept_of(quad: u32) -> u32 {
  return kept(4u * quad, params.count);
}

// How many a tile keeps, in every lane.
fn count_tile(tile: u32, lane: u32, team_lane: u32, team_lanes: u32) -> u32 {
  let first = first_quad(tile, lane, team_lane, team_lanes);
  var own = 0u;
  for (var line = 0u; line < lines; line++) {
    own += countOneBits(kept_of(first + line * team_lanes));
  }
  return scan_teams(lane, team_lane, team_lanes, scan_team(team_lane, team_lanes, own).total).total;
}

// Words of two lines of a subgroup that are kept, in order, so that neighbouring lanes write neighbouring words.
@if(!(values && wide_values))
var<workgroup> staged: array<u32, 8u * tile_lanes>;

@if(!(values && wide_values))
fn stage_quad(begin: u32, mask: u32, words: vec4u) {
  var place = begin;
  @unroll for (var k = 0u; k < 4u; k++) {
    if (mask & (1u << k)) != 0u {
      staged[place] = words[k];
      place++;
    }
  }
}

// Of two lines of a lane.
@if(!(values && wide_values))
fn stage_lines(room: u32, places: vec2u, mask: vec2u, first: vec4u, second: vec4u) {
  stage_quad(room + places.x, mask.x, first);
  stage_quad(room + places.y, mask.y, second);
  workgroupBarrier();
}

@if(values && !wide_values)
fn load_four(quad: u32) -> vec4u {
  return values[min(quad, (params.count - 1u) / 4u)];
}

fn rows_of(quad: u32) -> vec4u {
  return vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u);
}

// What a quad keeps, where elements have two words: as many turns as the fullest lane keeps.
@if(values && wide_values)
fn put_quad(quad: u32, first_place: u32, mask: u32) {
  var place = first_place;
  for (var left = mask; left != 0u; left &= left - 1u) {
    let at = 4u * quad + firstTrailingBit(left);
    @if(rows) {
      rows[place] = at;
    }
    let pair = values[at / 2u];
    result[place] = select(pair.xy, pair.zw, at % 2u == 1u);
    place++;
  }
}

@compute @workgroup_size(tile_lanes)
fn chained_compact(@builtin(local_invocation_index) lane: u32, @builtin(subgroup_invocation_id) team_lane: u32,
                   @builtin(subgroup_size) team_lanes: u32) {
  let tile = take_tile(lane);
  let last = (params.count - 1u) / tile_elements;
  if tile > last {
    return;
  }
  let first = first_quad(tile, lane, team_lane, team_lanes);
  var masks = 0u;  // four bits a line
  var lane_total = 0u;
  @if(values && !wide_values)
  var fours: array<vec4u, lines>;
  @if(values && !wide_values) {
    @unroll for (var line = 0u; line < lines; line++) {
      fours[line] = load_four(first + line * team_lanes);
    }
  }
  @unroll for (var line = 0u; line < lines; line++) {
    let mask = kept_of(first + line * team_lanes);
    masks |= mask << (4u * line);
    lane_total += countOneBits(mask);
  }
  let own = scan_teams(lane, team_lane, team_lanes, scan_team(team_lane, team_lanes, lane_total).total);
  if lane == 0u {
    say(tile, select(said_own, said_all, tile == 0u), own.total);
  }
  var walk = Walk(0u, tile, 0u);
  while walk.left != 0u {
    walk = look(lane, team_lane, team_lanes, walk);
    if walk.looks > patient_looks {
      walk = pass_silent(lane, walk, count_tile(walk.left - 1u, lane, team_lane, team_lanes));
    }
  }
  if lane == 0u && tile != 0u {
    say(tile, said_all, walk.before + own.total);
  }
  if lane == 0u && tile == last {
    kept_count[0] = walk.before + own.total;
  }
  var place = walk.before + own.before;
  @unroll for (var line = 0u; line < lines; line += 2u) {
    let mask = (vec2u(masks) >> vec2u(4u * line, 4u * line + 4u)) & vec2u(0xfu);
    // Two lines in a word: a subgroup has at most 512 rows in each.
    let counts = countOneBits(mask);
    let around = scan_team(team_lane, team_lanes, counts.x | (counts.y << 16u));
    let quad = first + line * team_lanes;
    let first_total = around.total & 0xffffu;
    let total = first_total + (around.total >> 16u);
    let places = vec2u(around.before & 0xffffu, first_total + (around.before >> 16u));
    @if(values && wide_values) {
      put_quad(quad, place + places.x, mask.x);
      put_quad(quad + team_lanes, place + places.y, mask.y);
    }
    @if(!(values && wide_values)) {
      let room = lane / team_lanes * 8u * team_lanes;
      @if(values) {
        stage_lines(room, places, mask, fours[line], fours[line + 1u]);
        for (var i = team_lane; i < total; i += team_lanes) {
          result[place + i] = staged[room + i];
        }
        workgroupBarrier();
      }
      @if(rows) {
        stage_lines(room, places, mask, rows_of(quad), rows_of(quad + team_lanes));
        for (var i = team_lane; i < total; i += team_lanes) {
          rows[place + i] = staged[room + i];
        }
        workgroupBarrier();
      }
    }
    place += total;
  }
}
