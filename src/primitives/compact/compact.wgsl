// The elements that a test keeps, or the numbers of their rows, moved together in order; where partitioned, the others
// behind them.
// Method: reduce-then-scan (Merrill & Grimshaw 2009) over strips of 4,096 rows: count_strips counts what is kept,
// scan_partials.wgsl says where each strip's begin, compact_strips asks again and writes.
// Moves what the test reads twice, and for each kept element its word or two, read and written, and 4 bytes of its row.
import package::primitives::blocks::block_of;
import package::primitives::team::{is_idle, quads_per_lane, row_elements, strip_elements, team_of, workgroup_lanes};
import package::primitives::team_add::team_add;
import slots::kept;

// host-shareable
struct CompactParams {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: CompactParams;
@group(0) @binding(1) var<storage, read_write> partials: array<u32>;    // of the strips: kept, then kept before them
@group(0) @binding(2) var<storage, read_write> kept_count: array<u32>;
@if(rows) @group(0) @binding(3) var<storage, read_write> rows: array<u32>;
@if(values && rows) @group(0) @binding(4) var<storage, read> values: array<vec4u>;
@if(values && !rows) @group(0) @binding(3) var<storage, read> values: array<vec4u>;
@if(values && rows && !wide) @group(0) @binding(5) var<storage, read_write> result: array<u32>;
@if(values && !rows && !wide) @group(0) @binding(4) var<storage, read_write> result: array<u32>;
@if(values && rows && wide) @group(0) @binding(5) var<storage, read_write> result: array<vec2u>;
@if(values && !rows && wide) @group(0) @binding(4) var<storage, read_write> result: array<vec2u>;

@compute @workgroup_size(workgroup_lanes)
fn count_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32,
                @if(subgroups) @builtin(subgroup_invocation_id) team_lane: u32,
                @if(subgroups) @builtin(subgroup_size) team_lanes: u32) {
  @if(!subgroups)
  let team_lane = lane;
  @if(!subgroups)
  let team_lanes = workgroup_lanes;
  let block = block_of(group, grid);
  if is_idle(block, team_lanes, params.count) {
    return;
  }
  let team = team_of(block, lane, team_lane, team_lanes);
  var own = 0u;
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let first = team.strip * strip_elements + row + team.lane * quads_per_lane * 4u;
    for (var q = 0u; q < quads_per_lane; q++) {
      own += countOneBits(kept(first + 4u * q, params.count));
    }
  }
  let total = team_add(team, team_lanes, own).total;
  if team.lane == 0u && team.strip <= (params.count - 1u) / strip_elements {
    partials[team.strip] = total;
  }
}

fn put(row: u32, place: u32, k: u32, quad: u32) {
  @if(rows) {
    rows[place] = row;
  }
  @if(values && wide) {
    let pair = values[2u * quad + k / 2u];
    result[place] = select(pair.xy, pair.zw, k % 2u == 1u);
  }
  @if(values && !wide) {
    result[place] = values[quad][k];
  }
}

@compute @workgroup_size(workgroup_lanes)
fn compact_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                  @builtin(local_invocation_index) lane: u32,
                  @if(subgroups) @builtin(subgroup_invocation_id) team_lane: u32,
                  @if(subgroups) @builtin(subgroup_size) team_lanes: u32) {
  @if(!subgroups)
  let team_lane = lane;
  @if(!subgroups)
  let team_lanes = workgroup_lanes;
  let block = block_of(group, grid);
  if is_idle(block, team_lanes, params.count) {
    return;
  }
  let team = team_of(block, lane, team_lane, team_lanes);
  var before = partials[min(team.strip, (params.count - 1u) / strip_elements)];
  @if(partitioned)
  let all_kept = kept_count[0];
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let first = team.strip * strip_elements + row + team.lane * quads_per_lane * 4u;
    var mask = 0u;
    for (var q = 0u; q < quads_per_lane; q++) {
      mask |= kept(first + 4u * q, params.count) << (4u * q);
    }
    let added = team_add(team, team_lanes, countOneBits(mask));
    var place = before + added.before;
    before += added.total;
    @if(partitioned) {
      let end = min(params.count, first + 4u * quads_per_lane);
      for (var at = first; at < end; at++) {
        let is_kept = ((mask >> (at - first)) & 1u) == 1u;
        put(at, select(all_kept + at - place, place, is_kept), at % 4u, at / 4u);
        place += select(0u, 1u, is_kept);
      }
    }
    @else {
      // Only as many turns as the fullest lane keeps.
      for (var left = mask; left != 0u; left &= left - 1u) {
        let at = first + firstTrailingBit(left);
        put(at, place, at % 4u, at / 4u);
        place++;
      }
    }
  }
}
