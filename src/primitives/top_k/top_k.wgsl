// The k elements that come first in an order, and their rows, not yet sorted, in two ways.
// - Where a sample is worth it: mark_strips reads all and notes how many elements do not come after a bar, an image of the
//   sample that a little more than k elements are expected to reach (samples.wgsl), and in which 32nds of each strip they lie;
//   take_marked reads those again and takes all of them. settle decides: where they are fewer than k, or more than there is
//   room for, the second way is gone instead, else over no elements.
// - radix_select.wgsl says the k-th image: count_strips counts those before it and those that have it, choose_strips takes the
//   former in the order of rows, then as many of the latter as are missing, or all of them by row.
// Method: reduce-then-scan over strips, as compact.wgsl, of two numbers at a time.
// Moves 4 bytes an element of one word and what is marked again, or 8: read twice.
import package::primitives::blocks::block_of;
import package::primitives::key_image::{image_of, is_before};
import package::primitives::team::{is_idle, quads_per_lane, row_elements, strip_elements, team_of, workgroup_lanes};
import package::primitives::team_add::team_add;
import package::primitives::team_or::team_or;
import package::primitives::top_k::reach_bar::reach_bar;
import package::primitives::word::{Four, Word, four_of, is_equal, pick};

// host-shareable
struct TopKParams {
  count: u32,
  k: u32,
  flips: vec2u,  // make an image
  room: u32,     // for marked elements
  by_row: u32,   // choose_strips leaves those that have the k-th image where their rows stand
}

@group(0) @binding(0) var<uniform> params: TopKParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> last_image: array<Word>;  // of the k-th, or the bar
@group(0) @binding(3) var<storage, read_write> partials: array<vec2u>;   // of strips: elements before it, and with it
@group(0) @binding(4) var<storage, read_write> total: array<vec2u>;      // of all strips
@group(0) @binding(5) var<storage, read_write> chosen_values: array<Word>;
@group(0) @binding(6) var<storage, read_write> chosen_rows: array<u32>;
@group(0) @binding(7) var<storage, read_write> chosen_count: array<u32>;  // then how many are left to choose from

fn chosen() -> u32 {
  return min(params.k, params.count);
}

@compute @workgroup_size(1)
fn note_count() {
  chosen_count[0] = chosen();
}

fn load_four(quad: u32) -> Four {
  let inside = min(quad, (params.count - 1u) / 4u);
  @if(wide)
  return four_of(values[2u * inside], values[2u * inside + 1u]);
  @else
  return four_of(values[inside]);
}

// Which of four elements come before the image of the k-th: bits 0 to 3; which have it: bits 4 to 7.
fn compare_four(four: Four, quad: u32, last: Word) -> u32 {
  let a = image_of(four.a, params.flips);
  let b = image_of(four.b, params.flips);
  let c = image_of(four.c, params.flips);
  let d = image_of(four.d, params.flips);
  return compared(vec4<bool>(is_before(a, last), is_before(b, last), is_before(c, last), is_before(d, last)),
                  vec4<bool>(is_equal(a, last), is_equal(b, last), is_equal(c, last), is_equal(d, last)), quad);
}

fn compared(are_before: vec4<bool>, are_equal: vec4<bool>, quad: u32) -> u32 {
  let bits = select(vec4u(0u), vec4u(1u), are_before) | select(vec4u(0u), vec4u(16u), are_equal);
  let present = select(vec4u(0u), vec4u(1u, 2u, 4u, 8u),
                       vec4u(quad) * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count));
  return dot(bits, present);
}

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
  let last = last_image[0];
  var before = 0u;
  var equal = 0u;
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let first = (team.strip * strip_elements + row) / 4u + team.lane * quads_per_lane;
    for (var q = 0u; q < quads_per_lane; q++) {
      let mask = compare_four(load_four(first + q), first + q, last);
      before += countOneBits(mask & 0xfu);
      equal += countOneBits(mask >> 4u);
    }
  }
  // A strip has 4,096 elements, so both fit into a word.
  let both = team_add(team, team_lanes, before + (equal << 16u)).total;
  if team.lane == 0u && team.strip <= (params.count - 1u) / strip_elements {
    partials[team.strip] = vec2u(both & 0xffffu, both >> 16u);
  }
}

@compute @workgroup_size(workgroup_lanes)
fn choose_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
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
  let last = last_image[0];
  let begin = partials[min(team.strip, (params.count - 1u) / strip_elements)];
  var before = begin.x;
  var equal = begin.y;
  let all_before = total[0].x;
  let places = chosen();
  let missing = places - min(all_before, places);
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let first = (team.strip * strip_elements + row) / 4u + team.lane * quads_per_lane;
    var masks: array<u32, quads_per_lane>;
    var own = 0u;
    for (var q = 0u; q < quads_per_lane; q++) {
      masks[q] = compare_four(load_four(first + q), first + q, last);
      own += countOneBits(masks[q] & 0xfu) + (countOneBits(masks[q] >> 4u) << 16u);
    }
    let added = team_add(team, team_lanes, own);
    var own_before = before + (added.before & 0xffffu);
    var own_equal = equal + (added.before >> 16u);
    before += added.total & 0xffffu;
    equal += added.total >> 16u;
    for (var q = 0u; q < quads_per_lane; q++) {
      let four = load_four(first + q);
      // Few are chosen, so most lanes have nothing to do here.
      for (var left = masks[q]; left != 0u; left &= left - 1u) {
        let bit = firstTrailingBit(left);
        let is_before = bit < 4u;
        let rows_below = (1u << (bit % 4u)) - 1u;
        let at_before = own_before + countOneBits(masks[q] & rows_below);
        let at_equal = own_equal + countOneBits((masks[q] >> 4u) & rows_below);
        let apart = select(all_before + at_equal, at_before, is_before);
        let place = select(apart, at_before + min(at_equal, missing), params.by_row != 0u);
        if (is_before || at_equal < missing) && place < places {
          chosen_values[place] = pick(four, bit % 4u);
          chosen_rows[place] = (first + q) * 4u + bit % 4u;
        }
      }
      own_before += countOneBits(masks[q] & 0xfu);
      own_equal += countOneBits(masks[q] >> 4u);
    }
  }
}

// Of a 32nd of a strip: elements.
const marked_elements = strip_elements / 32u;

@compute @workgroup_size(workgroup_lanes)
fn mark_strips(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
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
  let bar = last_image[0];
  var reached = 0u;
  var marks = 0u;
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let in_row = team.lane * quads_per_lane;
    let first = (team.strip * strip_elements + row) / 4u + in_row;
    for (var q = 0u; q < quads_per_lane; q++) {
      let mask = reach_bar(load_four(first + q), first + q, bar, params.flips, params.count);
      reached += countOneBits(mask);
      marks |= select(0u, 1u << ((row + (in_row + q) * 4u) / marked_elements), mask != 0u);
    }
  }
  let all_reached = team_add(team, team_lanes, reached).total;
  let all_marks = team_or(team, marks);
  if team.lane == 0u && team.strip <= (params.count - 1u) / strip_elements {
    partials[team.strip] = vec2u(all_reached, all_marks);
  }
}

// How many elements to sort, and how many to choose from by the second way.
@compute @workgroup_size(1)
fn settle() {
  let reached = select(total[0].x, 0u, params.count == 0u);
  let does = reached >= chosen() && reached <= params.room;
  chosen_count[0] = select(chosen(), reached, does);
  chosen_count[1] = select(params.count, 0u, does);
}

@compute @workgroup_size(workgroup_lanes)
fn take_marked(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
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
  let bar = last_image[0];
  let last_strip = (params.count - 1u) / strip_elements;
  let begin = partials[min(team.strip, last_strip)];
  // The sums of marks before this strip and before the next: their difference are its own.
  let next = partials[min(team.strip + 1u, last_strip)];
  let end = select(next, total[0], team.strip >= last_strip);
  let marks = end.y - begin.y;
  var taken = begin.x;
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let in_row = team.lane * quads_per_lane;
    let first = (team.strip * strip_elements + row) / 4u + in_row;
    var masks: array<u32, quads_per_lane>;
    var own = 0u;
    for (var q = 0u; q < quads_per_lane; q++) {
      masks[q] = 0u;
      if ((marks >> ((row + (in_row + q) * 4u) / marked_elements)) & 1u) != 0u {
        masks[q] = reach_bar(load_four(first + q), first + q, bar, params.flips, params.count);
      }
      own += countOneBits(masks[q]);
    }
    let added = team_add(team, team_lanes, own);
    var place = taken + added.before;
    taken += added.total;
    for (var q = 0u; q < quads_per_lane; q++) {
      for (var left = masks[q]; left != 0u; left &= left - 1u) {
        let k = firstTrailingBit(left);
        if place < params.room {
          chosen_values[place] = pick(load_four(first + q), k);
          chosen_rows[place] = (first + q) * 4u + k;
        }
        place++;
      }
    }
  }
}
