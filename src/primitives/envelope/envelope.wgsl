// The smallest and largest element of each column of neighbouring rows, and for M4 where they are: what a line of many
// points needs to be drawn from (M4: Jugel, Jerzak, Hackenbroich & Markl 2014).
// Method: a workgroup goes over 16,384 rows, whose first column all its lanes look for together. A lane's rows rise, so it
// keeps the extremes of one column and hands them on when the next begins; those of the workgroup's last column are joined first,
// in its memory and across subgroups where there are any. 16 elements that lie in one column are loaded at once and
// take two maxima each and what makes words of them that are compared: six instructions of floats. Maxima of integers in the
// order of elements, so every order gives the same; the smallest is kept as the largest complement, and 0 in both says
// that there is none. What two words tell of an extreme is found one after the other: the upper one, then in a second reading
// the largest lower one beside it. Where rows are asked for, they are found in one more. Both look closely only where a
// word is that of an extreme.
// Moves 4 bytes a row, 8 with rows; of elements of two words 16 and 24.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, key_of_pair, key_of_word, ordered_pair, ordered_word};
import package::primitives::word::{Four, Word, four_of, is_equal, pick};

// host-shareable
struct EnvelopeParams {
  count: u32,
  column_count: u32,
  sign_flip: u32,
}

@group(0) @binding(0) var<uniform> params: EnvelopeParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
// Of a column: the largest complement, the largest image, the complements of the smallest's and the largest's row; where wide
// the first two of the upper words, and behind those of rows the same of lower ones.
@group(0) @binding(3) var<storage, read_write> columns: array<atomic<u32>>;
@if(!wide) @group(0) @binding(4) var<storage, read_write> extremes: array<vec2u>;
@if(wide) @group(0) @binding(4) var<storage, read_write> extremes: array<vec4u>;
@if(m4) @group(0) @binding(5) var<storage, read_write> rows: array<vec4u>;

const lanes = 256u;
const rows_per_group = 16384u;
@if(!wide)
const words_per_column = 4u;
@if(wide)
const words_per_column = 6u;
const no_column = 0xffffffffu;

var<workgroup> first_column: atomic<u32>;
var<workgroup> last_column: array<atomic<u32>, 2>;

fn order() -> KeyOrder {
  @if(floats && !wide)
  return KeyOrder(0u, 1u, 0u);
  @else
  return KeyOrder(params.sign_flip, 0u, 0u);
}

fn is_number(bits: Word) -> bool {
  @if(floats && !wide)
  return (bits & 0x7fffffffu) <= 0x7f800000u;
  @else
  return true;
}

fn image_of(bits: Word) -> Word {
  @if(wide)
  return ordered_pair(bits, order());
  @else
  return ordered_word(bits, order());
}

fn load_four(quad: u32) -> Four {
  @if(wide)
  return four_of(values[2u * quad], values[2u * quad + 1u]);
  @else
  return four_of(values[quad]);
}

// Of four neighbouring elements what is compared first; behind the last ones of the last ones.
fn load_words(first: u32) -> vec4u {
  let quad = min(first, params.count - 1u) / 4u;
  @if(wide) {
    let front = values[2u * quad];
    let back = values[2u * quad + 1u];
    return vec4u(front.yw, back.yw);
  }
  @else {
    return values[quad];
  }
}

@compute @workgroup_size(lanes)
fn clear_columns(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let column = group.x * lanes + lane;
  if column < params.column_count {
    for (var i = 0u; i < words_per_column; i++) {
      atomicStore(&columns[column * words_per_column + i], 0u);
    }
  }
}

// A lane's column, up to where it may still meet rows of it, and two words of which the larger ones are wanted.
struct Running {
  low: u32,     // the last column that begins at or before the lane's rows, or the first
  column: u32,  // that one, or none where its rows are over, or not yet begun
  end: u32,
  first: u32,
  second: u32,
}

// Of a row in or before the columns behind `low`.
fn running_at(low: u32, row: u32, end: u32) -> Running {
  let column_begin = offsets[low];
  let column_end = offsets[low + 1u];
  // Before the first column, or behind the last, there is none.
  if row < column_begin {
    return Running(low, no_column, min(column_begin, end), 0u, 0u);
  }
  if row >= column_end {
    return Running(low, no_column, end, 0u, 0u);
  }
  return Running(low, low, min(column_end, end), 0u, 0u);
}

// The same where `known` is a column that begins at or before the row, or the first: next ones are looked at first.
fn column_of(row: u32, known: u32, end: u32) -> Running {
  var low = known;
  var reach = 1u;
  while low + reach < params.column_count && offsets[low + reach] <= row {
    low += reach;
    reach *= 2u;
  }
  var high = min(low + reach, params.column_count);
  while low + 1u < high {
    let middle = low + (high - low) / 2u;
    let is_left = offsets[middle] <= row;
    low = select(low, middle, is_left);
    high = select(middle, high, is_left);
  }
  return running_at(low, row, end);
}

// What column_of says of a workgroup's first row, by all its lanes, of which each looks at two offsets.
fn first_running(row: u32, end: u32, lane: u32) -> Running {
  if lane == 0u {
    atomicStore(&first_column, 0u);
    atomicStore(&last_column[0], 0u);
    atomicStore(&last_column[1], 0u);
  }
  workgroupBarrier();
  let part = (params.column_count + lanes - 1u) / lanes;
  let near = min(lane * part, params.column_count - 1u);
  if offsets[near] <= row {
    atomicMax(&first_column, near);
  }
  workgroupBarrier();
  let nearer = min(atomicLoad(&first_column) + min(lane, part - 1u), params.column_count - 1u);
  workgroupBarrier();
  if offsets[nearer] <= row {
    atomicMax(&first_column, nearer);
  }
  workgroupBarrier();
  return running_at(atomicLoad(&first_column), row, end);
}

// Words of which the largest tells the smallest number, and the largest one: where floats, of a NaN less than of any number.
@if(floats && !wide)
const least_number = 0x00fffffeu;

@if(floats && !wide)
fn keys_of(words: vec4u) -> vec4u {
  return words ^ (bitcast<vec4u>(bitcast<vec4i>(words) >> vec4u(31u)) & vec4u(0x7fffffffu));
}

fn falling_of(words: vec4u) -> vec4u {
  @if(floats && !wide)
  return vec4u(0x807ffffeu) - keys_of(words);
  @else
  return ~(words ^ vec4u(params.sign_flip));
}

fn rising_of(words: vec4u) -> vec4u {
  @if(floats && !wide)
  return keys_of(words) - vec4u(0x7f800001u);
  @else
  return words ^ vec4u(params.sign_flip);
}

// As they stand in `columns`; 0 of NaN alone.
fn columns_word(falling: u32, rising: u32) -> vec2u {
  @if(floats && !wide)
  return select(vec2u(0u), vec2u(~((0x807ffffeu - falling) ^ 0x80000000u), (rising + 0x7f800001u) ^ 0x80000000u),
                falling >= least_number);
  @else
  return vec2u(falling, rising);
}

fn largest_of(four: vec4u) -> u32 {
  return max(max(four.x, four.y), max(four.z, four.w));
}

fn hand_on(column: u32, words: vec2u, word: u32) {
  if column != no_column && any(words != vec2u(0u)) {
    let at = column * words_per_column + word;
    atomicMax(&columns[at], words.x);
    atomicMax(&columns[at + 1u], words.y);
  }
}

fn meet_extremes(running: Running, row: u32, words: vec4u, end: u32) -> Running {
  var now = running;
  let falling = falling_of(words);
  let rising = rising_of(words);
  if row + 3u < now.end {
    now.first = max(now.first, largest_of(falling));
    now.second = max(now.second, largest_of(rising));
    return now;
  }
  for (var k = 0u; k < min(4u, max(end, row) - row); k++) {
    if row + k >= now.end {
      hand_on(now.column, columns_word(now.first, now.second), 0u);
      now = column_of(row + k, now.low, end);
    }
    now.first = max(now.first, falling[k]);
    now.second = max(now.second, rising[k]);
  }
  return now;
}

const quads_at_once = 4u;
const quad_rows = 4u * lanes;  // from a lane's quad to its next

@compute @workgroup_size(lanes)
fn find_extremes(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                 @builtin(local_invocation_index) lane: u32,
                 @if(subgroups) @builtin(subgroup_invocation_id) team_lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  let end = begin + min(rows_per_group, params.count - begin);
  var running = first_running(begin, end, lane);
  let in_first = running;
  for (var first = begin + 4u * lane; first < end; first += quads_at_once * quad_rows) {
    let a = load_words(first);
    let b = load_words(first + quad_rows);
    let c = load_words(first + 2u * quad_rows);
    let d = load_words(first + 3u * quad_rows);
    if first + 3u * quad_rows + 3u < running.end {
      let falling = max(max(falling_of(a), falling_of(b)), max(falling_of(c), falling_of(d)));
      let rising = max(max(rising_of(a), rising_of(b)), max(rising_of(c), rising_of(d)));
      running.first = max(running.first, largest_of(falling));
      running.second = max(running.second, largest_of(rising));
    } else {
      running = meet_extremes(running, first, a, end);
      running = meet_extremes(running, first + quad_rows, b, end);
      running = meet_extremes(running, first + 2u * quad_rows, c, end);
      running = meet_extremes(running, first + 3u * quad_rows, d, end);
    }
  }
  var last = in_first.column;
  if in_first.end < end {
    last = column_of(end - 1u, in_first.low, end).column;
  }
  var own = vec2u(0u);
  if running.column == last {
    own = vec2u(running.first, running.second);
  } else {
    hand_on(running.column, columns_word(running.first, running.second), 0u);
  }
  @if(subgroups) {
    own = subgroupMax(own);
    if team_lane == 0u {
      atomicMax(&last_column[0], own.x);
      atomicMax(&last_column[1], own.y);
    }
  }
  @else {
    atomicMax(&last_column[0], own.x);
    atomicMax(&last_column[1], own.y);
  }
  workgroupBarrier();
  if lane == 0u {
    hand_on(last, columns_word(atomicLoad(&last_column[0]), atomicLoad(&last_column[1])), 0u);
  }
}

struct Extremes {
  smallest: Word,
  largest: Word,
}

// What is known of a column's, where it has any.
fn extremes_of(column: u32) -> Extremes {
  let first = column * words_per_column;
  let smallest = ~atomicLoad(&columns[first]);
  let largest = atomicLoad(&columns[first + 1u]);
  @if(wide)
  return Extremes(vec2u(~atomicLoad(&columns[first + 4u]), smallest), vec2u(atomicLoad(&columns[first + 5u]), largest));
  @else
  return Extremes(smallest, largest);
}

// The words of elements that have those of extremes.
@if(m4 || wide)
fn words_to_meet(known: Extremes) -> vec2u {
  @if(wide)
  return vec2u(known.smallest.y, known.largest.y) ^ vec2u(params.sign_flip);
  @else
  return vec2u(key_of_word(known.smallest, order()), key_of_word(known.largest, order()));
}

@if(m4 || wide)
fn meets(words: vec4u, wanted: vec2u) -> bool {
  return any(words == wanted.xxxx) || any(words == wanted.yyyy);
}

// What a lane walks with through rows whose extremes are known.
@if(m4 || wide)
struct Search {
  running: Running,
  known: Extremes,
  wanted: vec2u,
}

@if(m4 || wide)
fn search_from(running: Running) -> Search {
  var known = Extremes();
  if running.column != no_column {
    known = extremes_of(running.column);
  }
  return Search(running, known, words_to_meet(known));
}

// Lower words beside the upper ones of extremes.
@if(wide)
fn meet_lower(search: Search, row: u32, end: u32) -> Search {
  var now = search;
  let four = load_four(row / 4u);
  for (var k = 0u; k < min(4u, max(end, row) - row); k++) {
    if row + k >= now.running.end {
      hand_on(now.running.column, vec2u(now.running.first, now.running.second), 4u);
      now = search_from(column_of(row + k, now.running.low, end));
    }
    let image = image_of(pick(four, k));
    now.running.first = max(now.running.first, select(0u, ~image.x, image.y == now.known.smallest.y));
    now.running.second = max(now.running.second, select(0u, image.x, image.y == now.known.largest.y));
  }
  return now;
}

// Complements of rows, so that the largest is the first row.
@if(m4)
fn meet_rows(search: Search, row: u32, end: u32) -> Search {
  var now = search;
  let four = load_four(row / 4u);
  for (var k = 0u; k < min(4u, max(end, row) - row); k++) {
    if row + k >= now.running.end {
      hand_on(now.running.column, vec2u(now.running.first, now.running.second), 2u);
      now = search_from(column_of(row + k, now.running.low, end));
    }
    let bits = pick(four, k);
    let image = image_of(bits);
    let met = ~(row + k);
    now.running.first = max(now.running.first, select(0u, met, is_number(bits) && is_equal(image, now.known.smallest)));
    now.running.second = max(now.running.second, select(0u, met, is_number(bits) && is_equal(image, now.known.largest)));
  }
  return now;
}

@if(wide)
@compute @workgroup_size(lanes)
fn find_lower(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
             @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  let end = begin + min(rows_per_group, params.count - begin);
  var search = search_from(first_running(begin, end, lane));
  for (var first = begin + 4u * lane; first < end; first += quads_at_once * quad_rows) {
    let a = load_words(first);
    let b = load_words(first + quad_rows);
    let c = load_words(first + 2u * quad_rows);
    let d = load_words(first + 3u * quad_rows);
    let is_inside = first + 3u * quad_rows + 3u < search.running.end;
    if !is_inside || meets(a, search.wanted) || meets(b, search.wanted) || meets(c, search.wanted) || meets(d, search.wanted) {
      for (var q = 0u; q < quads_at_once && first + q * quad_rows < end; q++) {
        search = meet_lower(search, first + q * quad_rows, end);
      }
    }
  }
  hand_on(search.running.column, vec2u(search.running.first, search.running.second), 4u);
}

@if(m4)
@compute @workgroup_size(lanes)
fn find_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
            @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  let end = begin + min(rows_per_group, params.count - begin);
  var search = search_from(first_running(begin, end, lane));
  for (var first = begin + 4u * lane; first < end; first += quads_at_once * quad_rows) {
    let a = load_words(first);
    let b = load_words(first + quad_rows);
    let c = load_words(first + 2u * quad_rows);
    let d = load_words(first + 3u * quad_rows);
    let is_inside = first + 3u * quad_rows + 3u < search.running.end;
    if !is_inside || meets(a, search.wanted) || meets(b, search.wanted) || meets(c, search.wanted) || meets(d, search.wanted) {
      for (var q = 0u; q < quads_at_once && first + q * quad_rows < end; q++) {
        search = meet_rows(search, first + q * quad_rows, end);
      }
    }
  }
  hand_on(search.running.column, vec2u(search.running.first, search.running.second), 2u);
}

@compute @workgroup_size(lanes)
fn finish_columns(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let column = group.x * lanes + lane;
  if column >= params.column_count {
    return;
  }
  let first = column * words_per_column;
  let is_empty = (atomicLoad(&columns[first]) | atomicLoad(&columns[first + 1u])) == 0u;
  let known = extremes_of(column);
  @if(wide) {
    extremes[column] = select(vec4u(key_of_pair(known.smallest, order()), key_of_pair(known.largest, order())), vec4u(0u),
                              is_empty);
  }
  @else {
    @if(floats && !wide)
    let nothing = 0x7fc00000u;
    @else
    let nothing = 0u;
    extremes[column] = select(vec2u(key_of_word(known.smallest, order()), key_of_word(known.largest, order())),
                              vec2u(nothing), is_empty);
  }
  @if(m4) {
    let begin = min(offsets[column], params.count);
    let end = min(offsets[column + 1u], params.count);
    let found = vec2u(~atomicLoad(&columns[first + 2u]), ~atomicLoad(&columns[first + 3u]));
    let places = vec4u(begin, found.x, found.y, end - 1u);
    // Without numbers there are a first and a last row all the same.
    let has_numbers = select(places, vec4u(begin, 0xffffffffu, 0xffffffffu, end - 1u), is_empty);
    rows[column] = select(has_numbers, vec4u(0xffffffffu), begin >= end);
  }
}
