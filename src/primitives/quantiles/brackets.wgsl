// Which elements can be quantiles, for up to four at a time: those between two images of a sample, a bracket (samples.wgsl).
// make_brackets makes them of what radix_select.wgsl found in the sample, and one of those that overlap. collect reads all
// elements, counts those below, at and above both ends of each bracket, and keeps those between any two ends; where one value
// is frequent it is an end, so few are kept whatever the elements are. settle says which ends are quantiles already and at
// which rank of the kept elements the others stand; where one is outside of its bracket, or more were kept than there is room
// for, all elements are searched as if there were no sample. write_bracketed writes.
// Method: as Floyd & Rivest 1975, "Expected time bounds for selection", with both pivots of all quantiles in one reading.
// Moves 4 bytes an element of one word, and a few in a hundred again. Bound by instructions: four an element and bracket.
import package::primitives::blocks::block_of;
import package::primitives::key_image::{earlier, image_of, is_before};
import package::primitives::ordered_key::{KeyOrder, key_of_pair, key_of_word};
import package::primitives::radix_select::target::{Target, ranked};
import package::primitives::word::{Four, Word, four_of, is_equal, pick};

// host-shareable
struct BracketsParams {
  count: u32,  // of elements; make_brackets: of samples
  target_count: u32,
  flips: vec2u,  // make an image
  sign_flip: u32,  // these make an element of an image
  is_float: u32,
  room: u32,     // for kept elements
  first_found: u32,
  // Of each quantile, as radix_select.wgsl's; what its bracket spans in ranks of the sample, to each side.
  numerators: vec4u,
  denominators: vec4u,
  margins: vec4u,
}

struct Bracket {
  low: Word,
  high: Word,
  known: u32,  // which end is the quantile: 0 none, 1 the lower, 2 the upper
}

@group(0) @binding(0) var<uniform> params: BracketsParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
// Of both ends of each bracket in turn; then of kept elements.
@group(0) @binding(2) var<storage, read_write> targets: array<Target>;
@group(0) @binding(3) var<storage, read_write> brackets: array<Bracket>;
// How many elements are below each lower end, up to it, below each upper end, up to it; how many were kept.
@group(0) @binding(4) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> kept: array<Word>;
@group(0) @binding(6) var<storage, read_write> left: array<u32>;  // to search: kept elements, or else all
@group(0) @binding(7) var<storage, read_write> found: array<Word>;

const most_brackets = 4u;
const kept_count = 4u * most_brackets;
const lanes = 256u;
const elements_per_group = 32768u;
const loads = 4u;  // of a lane at once
@if(wide)
const queue_size = 1024u;
@if(!wide)
const queue_size = 2048u;

// A number for each bracket.
@if(single)
alias Each = u32;
@if(single)
alias EachIs = bool;
@if(triple && !single)
alias Each = vec3u;
@if(triple && !single)
alias EachIs = vec3<bool>;
@if(!single && !triple)
alias Each = vec4u;
@if(!single && !triple)
alias EachIs = vec4<bool>;

var<workgroup> own_counts: array<atomic<u32>, kept_count>;
var<workgroup> queue: array<Word, queue_size>;
var<workgroup> queued: atomic<u32>;
var<workgroup> to_keep: atomic<u32>;
var<workgroup> queue_place: u32;

fn all_ones() -> Word {
  return ~Word();
}

fn later(a: Word, b: Word) -> Word {
  return select(a, b, is_before(a, b));
}

@compute @workgroup_size(1)
fn make_brackets() {
  for (var t = 0u; t < params.target_count; t++) {
    let rank = ranked(params.count, params.numerators[t], params.denominators[t], 0);
    let margin = params.margins[t];
    // Beyond the first and the last sample there are elements too.
    let low = select(targets[2u * t].image, Word(), rank < margin);
    let high = select(targets[2u * t + 1u].image, all_ones(), rank + margin >= max(params.count, 1u));
    brackets[t] = Bracket(low, high, 0u);
  }
  // At most so many merge one after the other.
  for (var round = 1u; round < params.target_count; round++) {
    for (var t = 0u; t < params.target_count; t++) {
      for (var u = 0u; u < params.target_count; u++) {
        let a = brackets[t];
        let b = brackets[u];
        if is_before(a.low, b.high) && is_before(b.low, a.high) {
          brackets[t].low = earlier(a.low, b.low);
          brackets[t].high = later(a.high, b.high);
        }
      }
    }
  }
  for (var i = 0u; i <= kept_count; i++) {
    atomicStore(&counts[i], 0u);
  }
}

// The ends of all brackets, a component each.
struct Ends {
  low: Each,
  high: Each,
  @if(wide) low_top: Each,  // the upper words
  @if(wide) high_top: Each,
}

// What there is no bracket for repeats the last.
fn load_ends() -> Ends {
  let a = brackets[0];
  @if(single) {
    @if(wide)
    return Ends(a.low.x, a.high.x, a.low.y, a.high.y);
    @else
    return Ends(a.low, a.high);
  }
  @elif(triple) {
    let b = brackets[1];
    let c = brackets[2];
    @if(wide)
    return Ends(vec3u(a.low.x, b.low.x, c.low.x), vec3u(a.high.x, b.high.x, c.high.x), vec3u(a.low.y, b.low.y, c.low.y),
                vec3u(a.high.y, b.high.y, c.high.y));
    @else
    return Ends(vec3u(a.low, b.low, c.low), vec3u(a.high, b.high, c.high));
  }
  @else {
    let last = params.target_count - 1u;
    let b = brackets[min(1u, last)];
    let c = brackets[min(2u, last)];
    let d = brackets[last];
    @if(wide)
    return Ends(vec4u(a.low.x, b.low.x, c.low.x, d.low.x), vec4u(a.high.x, b.high.x, c.high.x, d.high.x),
                vec4u(a.low.y, b.low.y, c.low.y, d.low.y), vec4u(a.high.y, b.high.y, c.high.y, d.high.y));
    @else
    return Ends(vec4u(a.low, b.low, c.low, d.low), vec4u(a.high, b.high, c.high, d.high));
  }
}

// Which lower ends an image is before.
fn is_before_low(image: Word, ends: Ends) -> EachIs {
  @if(wide) {
    let top = Each(image.y);
    return (top < ends.low_top) | ((top == ends.low_top) & (Each(image.x) < ends.low));
  }
  @else {
    return Each(image) < ends.low;
  }
}

// Which brackets it lies in, or at an end of.
fn is_within(image: Word, ends: Ends) -> EachIs {
  @if(wide) {
    let top = Each(image.y);
    return !is_before_low(image, ends) & ((top < ends.high_top) | ((top == ends.high_top) & (Each(image.x) <= ends.high)));
  }
  @else {
    return Each(image) - ends.low <= ends.high - ends.low;
  }
}

fn is_at_low(image: Word, ends: Ends) -> EachIs {
  @if(wide)
  return (Each(image.x) == ends.low) & (Each(image.y) == ends.low_top);
  @else
  return Each(image) == ends.low;
}

fn is_at_high(image: Word, ends: Ends) -> EachIs {
  @if(wide)
  return (Each(image.x) == ends.high) & (Each(image.y) == ends.high_top);
  @else
  return Each(image) == ends.high;
}

fn ones(which: EachIs) -> Each {
  return select(Each(), Each(1u), which);
}

// What the lanes of a workgroup counted, a number for each bracket.
fn add_counts(first: u32, each: Each, team_lane: u32) {
  @if(subgroups)
  let sum = subgroupAdd(each);
  @if(!subgroups)
  let sum = each;
  if team_lane == 0u {
    @if(single) {
      atomicAdd(&own_counts[first], sum);
    }
    @else {
      atomicAdd(&own_counts[first], sum.x);
      atomicAdd(&own_counts[4u + first], sum.y);
      atomicAdd(&own_counts[8u + first], sum.z);
      @if(!triple)
      atomicAdd(&own_counts[12u + first], sum.w);
    }
  }
}

fn load_four(quad: u32) -> Four {
  @if(wide)
  return four_of(values[2u * quad], values[2u * quad + 1u]);
  @else
  return four_of(values[quad]);
}

// Where workgroup memory is full.
fn keep_far(key: Word) {
  let place = atomicAdd(&counts[kept_count], 1u);
  if place < params.room {
    kept[place] = key;
  }
}

// What a lane has counted, for each bracket.
struct Counted {
  below: Each,   // before its lower end
  within: Each,  // in it, ends included
  at_low: Each,
  at_high: Each,
}

// An element in a bracket or at an end of one; whether it is kept.
fn tell_apart(key: Word, ends: Ends, counted: ptr<function, Counted>) -> bool {
  let image = image_of(key, params.flips);
  let is_in = is_within(image, ends);
  let is_low = is_at_low(image, ends);
  let is_high = is_at_high(image, ends);
  (*counted).within += ones(is_in);
  (*counted).at_low += ones(is_low);
  (*counted).at_high += ones(is_high);
  return any(is_in & !is_low & !is_high);
}

// The first `present` of four elements. Few are near a bracket, but in most subgroups some are: those are put aside, and told
// apart by all lanes at once in the end.
fn count_four(four: Four, present: u32, ends: Ends, counted: ptr<function, Counted>) {
  var near = 0u;
  @unroll for (var k = 0u; k < 4u; k++) {
    let image = select(all_ones(), image_of(pick(four, k), params.flips), k < present);
    (*counted).below += ones(is_before_low(image, ends));
    near |= select(0u, 1u << k, any(is_within(image, ends)));
  }
  near &= (1u << present) - 1u;
  if near == 0u {
    return;
  }
  var place = atomicAdd(&queued, countOneBits(near));
  for (var rest = near; rest != 0u; rest &= rest - 1u) {
    let key = pick(four, firstTrailingBit(rest));
    if place < queue_size {
      queue[place] = key;
    } else if tell_apart(key, ends, counted) {
      keep_far(key);
    }
    place++;
  }
}

@compute @workgroup_size(lanes)
fn collect(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
           @builtin(local_invocation_index) lane: u32,
           @if(subgroups) @builtin(subgroup_invocation_id) team_lane: u32) {
  let begin = block_of(group, grid) * elements_per_group;
  if begin >= params.count {
    return;
  }
  @if(!subgroups)
  let team_lane = 0u;
  if lane < kept_count {
    atomicStore(&own_counts[lane], 0u);
  }
  if lane == 0u {
    atomicStore(&queued, 0u);
    atomicStore(&to_keep, 0u);
  }
  workgroupBarrier();
  let ends = load_ends();
  var counted: Counted;
  let end = begin + min(elements_per_group, params.count - begin);
  for (var first = begin + 4u * lane; first < end; first += loads * 4u * lanes) {
    if first + (loads - 1u) * 4u * lanes + 4u <= end {
      var fours: array<Four, loads>;
      @unroll for (var i = 0u; i < loads; i++) {
        fours[i] = load_four(first / 4u + i * lanes);
      }
      @unroll for (var i = 0u; i < loads; i++) {
        count_four(fours[i], 4u, ends, &counted);
      }
    } else {
      for (var i = first; i < end; i += 4u * lanes) {
        count_four(load_four(i / 4u), min(4u, end - i), ends, &counted);
      }
    }
  }
  workgroupBarrier();
  let length = min(atomicLoad(&queued), queue_size);
  var kept_here = 0u;
  for (var i = lane; i < length; i += lanes) {
    if tell_apart(queue[i], ends, &counted) {
      kept_here |= 1u << (i / lanes);
    }
  }
  var place = atomicAdd(&to_keep, countOneBits(kept_here));
  add_counts(0u, counted.below, team_lane);
  add_counts(1u, counted.below + counted.at_low, team_lane);
  add_counts(2u, counted.below + counted.within - counted.at_high, team_lane);
  add_counts(3u, counted.below + counted.within, team_lane);
  workgroupBarrier();
  if lane < 4u * params.target_count {
    atomicAdd(&counts[lane], atomicLoad(&own_counts[lane]));
  }
  if lane == 0u && atomicLoad(&to_keep) != 0u {
    queue_place = atomicAdd(&counts[kept_count], atomicLoad(&to_keep));
  }
  workgroupBarrier();
  for (var rest = kept_here; rest != 0u; rest &= rest - 1u) {
    if queue_place + place < params.room {
      kept[queue_place + place] = queue[firstTrailingBit(rest) * lanes + lane];
    }
    place++;
  }
}

// How many kept elements come before a bracket: those of brackets below it, each once.
fn kept_before(t: u32) -> u32 {
  var before = 0u;
  for (var u = 0u; u < params.target_count; u++) {
    var is_first = !is_before(brackets[t].low, brackets[u].high);
    for (var v = 0u; v < u; v++) {
      is_first &= !(is_equal(brackets[v].low, brackets[u].low) && is_equal(brackets[v].high, brackets[u].high));
    }
    // A bracket of one value has less than nothing between its ends.
    let below_high = atomicLoad(&counts[4u * u + 2u]);
    let to_low = atomicLoad(&counts[4u * u + 1u]);
    before += select(0u, below_high - to_low, is_first & (below_high > to_low));
  }
  return before;
}

@compute @workgroup_size(1)
fn settle() {
  let kept_total = atomicLoad(&counts[kept_count]);
  var holds = kept_total <= params.room;
  for (var t = 0u; t < params.target_count; t++) {
    let rank = ranked(params.count, params.numerators[t], params.denominators[t], 0);
    let below_low = atomicLoad(&counts[4u * t]);
    let to_low = atomicLoad(&counts[4u * t + 1u]);
    let below_high = atomicLoad(&counts[4u * t + 2u]);
    let to_high = atomicLoad(&counts[4u * t + 3u]);
    holds = holds && rank >= below_low && rank < to_high;
    brackets[t].known = select(select(0u, 2u, rank >= below_high), 1u, rank < to_low);
    targets[t] = Target(Word(), select(0u, kept_before(t) + rank - to_low, brackets[t].known == 0u), 0u);
  }
  left[0] = select(0u, kept_total, holds);
  left[1] = select(params.count, 0u, holds);
}

@compute @workgroup_size(4)
fn write_bracketed(@builtin(local_invocation_index) t: u32) {
  if t < params.target_count && params.count != 0u && left[1] == 0u {
    let bracket = brackets[t];
    var image = targets[t].image;
    image = select(image, bracket.low, bracket.known == 1u);
    image = select(image, bracket.high, bracket.known == 2u);
    let order = KeyOrder(params.sign_flip, params.is_float, 0u);
    @if(wide)
    found[params.first_found + t] = key_of_pair(image, order);
    @else
    found[params.first_found + t] = key_of_word(image, order);
  }
}
