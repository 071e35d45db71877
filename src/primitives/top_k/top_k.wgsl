// The k elements that come first in an order, and their rows, not yet sorted: those before the k-th one's image in the
// order of rows, then as many that have its image as are missing.
// Method: radix_select.wgsl says the k-th image; reduce-then-scan over strips, as compact.wgsl, of two counts at a time.
// Moves 8 bytes an element of one word, read twice.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, ordered_pair, ordered_word};
import package::primitives::team::{is_idle, quads_per_lane, row_elements, strip_elements, team_of, workgroup_lanes};
import package::primitives::team_add::team_add;
import package::primitives::word::{Four, Word, pick};

// host-shareable
struct TopKParams {
  count: u32,
  k: u32,
  sign_flip: u32,  // these make a KeyOrder
  is_float: u32,
  order_flip: u32,
}

@group(0) @binding(0) var<uniform> params: TopKParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> last_image: array<Word>;  // of the k-th
@group(0) @binding(3) var<storage, read_write> partials: array<vec2u>;   // of strips: elements before it, and with it
@group(0) @binding(4) var<storage, read_write> total: array<vec2u>;
@group(0) @binding(5) var<storage, read_write> chosen_values: array<Word>;
@group(0) @binding(6) var<storage, read_write> chosen_rows: array<u32>;
@group(0) @binding(7) var<storage, read_write> chosen_count: array<u32>;

fn chosen() -> u32 {
  return min(params.k, params.count);
}

@compute @workgroup_size(1)
fn note_count() {
  chosen_count[0] = chosen();
}

fn load_four(quad: u32) -> Four {
  let inside = min(quad, (params.count - 1u) / 4u);
  @if(wide) {
    let front = values[2u * inside];
    let back = values[2u * inside + 1u];
    return Four(front.xy, front.zw, back.xy, back.zw);
  }
  @else {
    let four = values[inside];
    return Four(four.x, four.y, four.z, four.w);
  }
}

fn order() -> KeyOrder {
  return KeyOrder(params.sign_flip, params.is_float, params.order_flip);
}

// Which of four elements come before the k-th's image: bits 0 to 3; which have it: bits 4 to 7.
fn compare_four(four: Four, quad: u32, last: Word) -> u32 {
  @if(wide) {
    let a = ordered_pair(four.a, order());
    let b = ordered_pair(four.b, order());
    let c = ordered_pair(four.c, order());
    let d = ordered_pair(four.d, order());
    let high = vec4u(a.y, b.y, c.y, d.y);
    let low = vec4u(a.x, b.x, c.x, d.x);
    let is_equal = (high == vec4u(last.y)) & (low == vec4u(last.x));
    let is_before = (high < vec4u(last.y)) | ((high == vec4u(last.y)) & (low < vec4u(last.x)));
    return compared(is_before, is_equal, quad);
  }
  @else {
    let image = vec4u(ordered_word(four.a, order()), ordered_word(four.b, order()), ordered_word(four.c, order()),
                      ordered_word(four.d, order()));
    return compared(image < vec4u(last), image == vec4u(last), quad);
  }
}

fn compared(is_before: vec4<bool>, is_equal: vec4<bool>, quad: u32) -> u32 {
  let bits = select(vec4u(0u), vec4u(1u), is_before) | select(vec4u(0u), vec4u(16u), is_equal);
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
  for (var row = 0u; row < strip_elements; row += row_elements(team_lanes)) {
    let first = (team.strip * strip_elements + row) / 4u + team.lane * quads_per_lane;
    var masks: array<u32, quads_per_lane>;
    var own = 0u;
    for (var q = 0u; q < quads_per_lane; q++) {
      masks[q] = compare_four(load_four(first + q), first + q, last);
      own += countOneBits(masks[q] & 0xfu) + (countOneBits(masks[q] >> 4u) << 16u);
    }
    let added = team_add(team, team_lanes, own);
    var place_before = before + (added.before & 0xffffu);
    var place_equal = all_before + equal + (added.before >> 16u);
    before += added.total & 0xffffu;
    equal += added.total >> 16u;
    for (var q = 0u; q < quads_per_lane; q++) {
      let four = load_four(first + q);
      // Few are chosen, so most lanes have nothing to do here.
      for (var left = masks[q]; left != 0u; left &= left - 1u) {
        let bit = firstTrailingBit(left);
        let is_before = bit < 4u;
        let place = select(place_equal, place_before, is_before);
        place_before += select(0u, 1u, is_before);
        place_equal += select(1u, 0u, is_before);
        if place < places {
          chosen_values[place] = pick(four, bit % 4u);
          chosen_rows[place] = (first + q) * 4u + bit % 4u;
        }
      }
    }
  }
}
