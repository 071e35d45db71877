// Inclusive or exclusive scan in one reading, of words whose operation commutes and is exact.
// Method: look_back.wgsl's. A tile's words stay in registers while the walk finds what stands before it.
// Moves 8 bytes an element, 4 read and 4 written, and for each tile of 8,192 or 16,384 a few KiB of what others said, from caches.
import package::primitives::look_back::look_back::{
  Walk, first_quad, lines, look, pass_silent, patient_looks, said_all, said_own, say, scan_team, scan_teams, take_tile,
  tile_elements, tile_lanes,
};
import slots::{combine, identity};

// host-shareable
struct ChainedScanParams {
  count: u32,
  is_inclusive: u32,
}

@group(0) @binding(0) var<uniform> params: ChainedScanParams;
@group(0) @binding(2) var<storage, read> values: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> total: array<u32>;

// Past the end: identities.
fn load_four(quad: u32) -> vec4u {
  let first = quad * 4u;
  return select(vec4u(identity()), values[min(quad, (params.count - 1u) / 4u)],
                vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count));
}

fn store_four(quad: u32, four: vec4u) {
  if quad * 4u + 4u <= params.count {
    result[quad] = four;
  } else {
    for (var at = quad * 4u; at < params.count; at++) {
      result[quad][at % 4u] = four[at % 4u];
    }
  }
}

fn join_four(four: vec4u) -> u32 {
  return combine(combine(four.x, four.y), combine(four.z, four.w));
}

// What a tile has, in every lane.
fn join_tile(tile: u32, lane: u32, team_lane: u32, team_lanes: u32) -> u32 {
  let first = first_quad(tile, lane, team_lane, team_lanes);
  var own = identity();
  for (var line = 0u; line < lines; line++) {
    own = combine(own, join_four(load_four(first + line * team_lanes)));
  }
  return scan_teams(lane, team_lane, team_lanes, scan_team(team_lane, team_lanes, own).total).total;
}

@compute @workgroup_size(tile_lanes)
fn chained_scan(@builtin(local_invocation_index) lane: u32, @builtin(subgroup_invocation_id) team_lane: u32,
                @builtin(subgroup_size) team_lanes: u32) {
  let tile = take_tile(lane);
  let last = (params.count - 1u) / tile_elements;
  if tile > last {
    return;
  }
  let first = first_quad(tile, lane, team_lane, team_lanes);
  var fours: array<vec4u, lines>;
  @unroll for (var line = 0u; line < lines; line++) {
    fours[line] = load_four(first + line * team_lanes);
  }
  var lane_total = identity();
  @unroll for (var line = 0u; line < lines; line++) {
    lane_total = combine(lane_total, join_four(fours[line]));
  }
  let own = scan_teams(lane, team_lane, team_lanes, scan_team(team_lane, team_lanes, lane_total).total);
  if lane == 0u {
    say(tile, select(said_own, said_all, tile == 0u), own.total);
  }
  var walk = Walk(identity(), tile, 0u);
  while walk.left != 0u {
    walk = look(lane, team_lane, team_lanes, walk);
    if walk.looks > patient_looks {
      walk = pass_silent(lane, walk, join_tile(walk.left - 1u, lane, team_lane, team_lanes));
    }
  }
  if lane == 0u && tile != 0u {
    say(tile, said_all, combine(walk.before, own.total));
  }
  if lane == 0u && tile == last {
    total[0] = combine(walk.before, own.total);
  }
  var before_line = combine(walk.before, own.before);
  @unroll for (var line = 0u; line < lines; line++) {
    let four = fours[line];
    let around = scan_team(team_lane, team_lanes, join_four(four));
    let before = combine(before_line, around.before);
    before_line = combine(before_line, around.total);
    let with_x = combine(before, four.x);
    let with_y = combine(with_x, four.y);
    let with_z = combine(with_y, four.z);
    let exclusive = vec4u(before, with_x, with_y, with_z);
    store_four(first + line * team_lanes,
               select(exclusive, vec4u(with_x, with_y, with_z, combine(with_z, four.w)), params.is_inclusive != 0u));
  }
}
