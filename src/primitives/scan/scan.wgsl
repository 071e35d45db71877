// Inclusive or exclusive scan of an array with any associative operation; where segmented, it begins anew at each head,
// and where collapsed, only what a whole segment makes is written, at the segment's number.
// Method: reduce-then-scan (Merrill & Grimshaw 2009, "Parallel Scan for Stream Architectures"). reduce_strips combines
// each strip of 4,096 elements, scan_partials.wgsl scans what the strips have, scan_strips scans each strip from there.
// A strip belongs to a subgroup, which needs neither workgroup memory nor barriers, or to a workgroup where there are no
// subgroups. No workgroup waits for another, so no forward progress is needed, and results are the same on every run
// of one device. Segments: Sengupta et al. 2007, "Scan Primitives for GPU Computing".
// Moves 12 bytes an element of one word (4 read twice, 4 written), 24 of two words; and twice what heads are read from.
// Where collapsed, what is written is written for each segment.
import package::primitives::blocks::block_of;
import package::primitives::state::{State, join, no_state};
import package::primitives::team::{is_idle, quads_per_lane, row_elements, strip_elements, team_of, workgroup_lanes};
import package::primitives::team_scan::team_scan;
import package::primitives::word::{Four, Word, pick};
import slots::{combine, identity};
@if(segmented) import slots::kept;

// host-shareable
struct ScanParams {
  count: u32,
  is_inclusive: u32,
}

@group(0) @binding(0) var<uniform> params: ScanParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@if(!(segmented && collapsed)) @group(0) @binding(2) var<storage, read_write> result: array<vec4u>;
@if(segmented && collapsed) @group(0) @binding(2) var<storage, read_write> result: array<Word>;
@group(0) @binding(3) var<storage, read_write> partials: array<State>;
@if(segmented && collapsed) @group(0) @binding(4) var<storage, read_write> starts: array<u32>;  // of segments

// Past the end: identities.
fn load_four(quad: u32) -> Four {
  let first = quad * 4u;
  let inside = min(quad, (params.count - 1u) / 4u);
  @if(wide) {
    let low = values[2u * inside];
    let high = values[2u * inside + 1u];
    return Four(select(identity(), low.xy, first < params.count), select(identity(), low.zw, first + 1u < params.count),
                select(identity(), high.xy, first + 2u < params.count),
                select(identity(), high.zw, first + 3u < params.count));
  }
  @else {
    let four = select(vec4u(identity()), values[inside], vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count));
    return Four(four.x, four.y, four.z, four.w);
  }
}

@if(!(segmented && collapsed))
fn store_four(quad: u32, four: Four) {
  if quad * 4u + 4u <= params.count {
    @if(wide) {
      result[2u * quad] = vec4u(four.a, four.b);
      result[2u * quad + 1u] = vec4u(four.c, four.d);
    }
    @else {
      result[quad] = vec4u(four.a, four.b, four.c, four.d);
    }
  }
}

// What stands behind the last whole quad.
@if(!(segmented && collapsed))
fn store_tail(four: Four) {
  let whole = params.count / 4u * 4u;
  for (var at = whole; at < params.count; at++) {
    let word = pick(four, at - whole);
    @if(wide) {
      result[at / 2u][2u * (at % 2u)] = word.x;
      result[at / 2u][2u * (at % 2u) + 1u] = word.y;
    }
    @else {
      result[at / 4u][at % 4u] = word;
    }
  }
}

// Row 0 begins a segment whatever stands there.
@if(segmented)
fn heads_of(quad: u32) -> u32 {
  return kept(quad * 4u, params.count) | select(0u, 1u, quad == 0u);
}

// Where a segment begins, the one before it has ended.
@if(segmented && collapsed)
fn store_at_head(before: State, own: State, row: u32) {
  if own.heads != 0u {
    starts[before.heads] = row;
    if row > 0u {
      result[before.heads - 1u] = before.value;
    }
  }
}

@if(segmented)
fn state_of(word: Word, heads: u32, k: u32) -> State {
  return State(word, (heads >> k) & 1u);
}

@if(!segmented)
fn state_of(word: Word, heads: u32, k: u32) -> State {
  return State(word);
}

@if(!segmented)
fn heads_of(quad: u32) -> u32 {
  return 0u;
}

fn join_four(four: Four, heads: u32) -> State {
  return join(join(state_of(four.a, heads, 0u), state_of(four.b, heads, 1u)),
              join(state_of(four.c, heads, 2u), state_of(four.d, heads, 3u)));
}

// What an element gets: the combination with it or without.
@if(!(segmented && collapsed))
fn seen_by(before: State, after: State, own: State) -> Word {
  @if(segmented)
  let exclusive = select(before.value, identity(), own.heads != 0u);
  @else
  let exclusive = before.value;
  return select(exclusive, after.value, params.is_inclusive != 0u);
}

@compute @workgroup_size(workgroup_lanes)
fn reduce_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
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
  var folded = no_state();
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let first = (team.strip * strip_elements + row) / 4u + team.lane * quads_per_lane;
    var own = join_four(load_four(first), heads_of(first));
    for (var q = 1u; q < quads_per_lane; q++) {
      own = join(own, join_four(load_four(first + q), heads_of(first + q)));
    }
    // Lanes interleave row by row, which only a commutative operation forgives.
    @if(ordered || segmented) {
      own = team_scan(team, team_lanes, own).total;
    }
    folded = join(folded, own);
  }
  @if(!ordered && !segmented) {
    folded = team_scan(team, team_lanes, folded).total;
  }
  if team.lane == 0u && team.strip <= (params.count - 1u) / strip_elements {
    partials[team.strip] = folded;
  }
}

@compute @workgroup_size(workgroup_lanes)
fn scan_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
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
  var carry = partials[min(team.strip, (params.count - 1u) / strip_elements)];
  @if(!(segmented && collapsed))
  var tail: Four;
  @if(!(segmented && collapsed))
  var has_tail = false;
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let first = (team.strip * strip_elements + row) / 4u + team.lane * quads_per_lane;
    var fours: array<Four, quads_per_lane>;
    var heads: array<u32, quads_per_lane>;
    var own = no_state();
    for (var q = 0u; q < quads_per_lane; q++) {
      fours[q] = load_four(first + q);
      heads[q] = heads_of(first + q);
      own = join(own, join_four(fours[q], heads[q]));
    }
    let scanned = team_scan(team, team_lanes, own);
    var before = join(carry, scanned.before);
    carry = join(carry, scanned.total);
    for (var q = 0u; q < quads_per_lane; q++) {
      let a = state_of(fours[q].a, heads[q], 0u);
      let b = state_of(fours[q].b, heads[q], 1u);
      let c = state_of(fours[q].c, heads[q], 2u);
      let d = state_of(fours[q].d, heads[q], 3u);
      let with_a = join(before, a);
      let with_b = join(with_a, b);
      let with_c = join(with_b, c);
      let with_d = join(with_c, d);
      @if(segmented && collapsed) {
        if heads[q] != 0u {
          let row = (first + q) * 4u;
          store_at_head(before, a, row);
          store_at_head(with_a, b, row + 1u);
          store_at_head(with_b, c, row + 2u);
          store_at_head(with_c, d, row + 3u);
        }
      }
      @else {
        let seen = Four(seen_by(before, with_a, a), seen_by(with_a, with_b, b), seen_by(with_b, with_c, c),
                        seen_by(with_c, with_d, d));
        store_four(first + q, seen);
        // Stored behind the loop: software adapters would carry out single stores for every quad.
        let is_tail = first + q == params.count / 4u;
        tail = Four(select(tail.a, seen.a, is_tail), select(tail.b, seen.b, is_tail), select(tail.c, seen.c, is_tail),
                    select(tail.d, seen.d, is_tail));
        has_tail = has_tail || is_tail;
      }
      before = with_d;
    }
  }
  @if(segmented && collapsed) {
    // The last segment ends with the rows.
    if team.lane == 0u && team.strip == (params.count - 1u) / strip_elements {
      result[carry.heads - 1u] = carry.value;
    }
  }
  @else {
    if has_tail {
      store_tail(tail);
    }
  }
}
