// The smallest and largest element of each column of neighbouring rows, and for M4 where they are: what a line of many
// points needs to be drawn from (M4: Jugel, Jerzak, Hackenbroich & Markl 2014).
// Method: a workgroup goes over 16,384 rows. A lane's rows rise, so it keeps the extremes of one column and hands them on
// when the next begins; those of the workgroup's last column are joined in its memory first. Maxima of integers in the
// order of elements, so every order gives the same; the smallest is kept as the largest complement, and 0 in both says
// that there is none. What two words tell of an extreme is found one after the other: the upper one, then in a second reading
// the largest lower one beside it. Where rows are asked for, they are found in one more.
// Moves 4 bytes a row, 8 with rows; of elements of two words 16 and 24.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, key_of_pair, key_of_word, ordered_pair, ordered_word};
import package::primitives::word::{Four, Word, four_of, is_equal, pick};

// host-shareable
struct EnvelopeParams {
  count: u32,
  column_count: u32,
  sign_flip: u32,  // these make a KeyOrder
  is_float: u32,
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

var<workgroup> last_column: array<atomic<u32>, 2>;

fn order() -> KeyOrder {
  return KeyOrder(params.sign_flip, params.is_float, 0u);
}

@if(!wide)
fn is_number(bits: u32) -> bool {
  return params.is_float == 0u || (bits & 0x7fffffffu) <= 0x7f800000u;
}

// No floats have two words.
@if(wide)
fn is_number(bits: vec2u) -> bool {
  return true;
}

fn image_of(bits: Word) -> Word {
  @if(wide)
  return ordered_pair(bits, order());
  @else
  return ordered_word(bits, order());
}

// Of an image, what is compared first.
fn upper(image: Word) -> u32 {
  @if(wide)
  return image.y;
  @else
  return image;
}

fn load_four(quad: u32) -> Four {
  @if(wide)
  return four_of(values[2u * quad], values[2u * quad + 1u]);
  @else
  return four_of(values[quad]);
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

// A lane's column, rows of it that it may still meet, and two words of which the larger ones are wanted.
struct Running {
  column: u32,
  begin: u32,
  end: u32,
  first: u32,
  second: u32,
}

// The column of a row at or behind those that the lane has met.
fn column_of(row: u32) -> Running {
  var low = 0u;
  var high = params.column_count;
  while low + 1u < high {
    let middle = low + (high - low) / 2u;
    let is_left = offsets[middle] <= row;
    low = select(low, middle, is_left);
    high = select(middle, high, is_left);
  }
  let begin = offsets[low];
  let end = offsets[low + 1u];
  // Before the first column, or behind the last, there is none.
  if row < begin {
    return Running(no_column, row, begin, 0u, 0u);
  }
  if row >= end {
    return Running(no_column, row, 0xffffffffu, 0u, 0u);
  }
  return Running(low, begin, end, 0u, 0u);
}

fn hand_on(running: Running, word: u32) {
  if running.column != no_column && (running.first | running.second) != 0u {
    let at = running.column * words_per_column + word;
    atomicMax(&columns[at], running.first);
    atomicMax(&columns[at + 1u], running.second);
  }
}

@compute @workgroup_size(lanes)
fn find_extremes(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                 @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  if lane < 2u {
    atomicStore(&last_column[lane], 0u);
  }
  workgroupBarrier();
  let end = begin + min(rows_per_group, params.count - begin);
  var running = Running(no_column, 0u, 0u, 0u, 0u);
  for (var first = begin + 4u * lane; first < end; first += 4u * lanes) {
    let four = load_four(first / 4u);
    for (var k = 0u; k < min(4u, end - first); k++) {
      let row = first + k;
      if row >= running.end {
        hand_on(running, 0u);
        running = column_of(row);
      }
      let bits = pick(four, k);
      let image = upper(image_of(bits));
      running.first = select(running.first, max(running.first, ~image), is_number(bits));
      running.second = select(running.second, max(running.second, image), is_number(bits));
    }
  }
  let last = column_of(end - 1u).column;
  if running.column == last {
    atomicMax(&last_column[0], running.first);
    atomicMax(&last_column[1], running.second);
  } else {
    hand_on(running, 0u);
  }
  workgroupBarrier();
  if lane == 0u {
    hand_on(Running(last, 0u, 0u, atomicLoad(&last_column[0]), atomicLoad(&last_column[1])), 0u);
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

// Lower words beside the upper ones of extremes.
@if(wide)
@compute @workgroup_size(lanes)
fn find_lower(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
              @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  let end = begin + min(rows_per_group, params.count - begin);
  var running = Running(no_column, 0u, 0u, 0u, 0u);
  var known = Extremes();
  for (var first = begin + 4u * lane; first < end; first += 4u * lanes) {
    let four = load_four(first / 4u);
    for (var k = 0u; k < min(4u, end - first); k++) {
      if first + k >= running.end {
        hand_on(running, 4u);
        running = column_of(first + k);
        if running.column != no_column {
          known = extremes_of(running.column);
        }
      }
      let image = image_of(pick(four, k));
      running.first = select(running.first, max(running.first, ~image.x), image.y == known.smallest.y);
      running.second = select(running.second, max(running.second, image.x), image.y == known.largest.y);
    }
  }
  hand_on(running, 4u);
}

// Complements of rows, so that the largest is the first row.
@if(m4)
@compute @workgroup_size(lanes)
fn find_rows(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
             @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_group;
  if begin >= params.count {
    return;
  }
  let end = begin + min(rows_per_group, params.count - begin);
  var running = Running(no_column, 0u, 0u, 0u, 0u);
  var known = Extremes();
  for (var first = begin + 4u * lane; first < end; first += 4u * lanes) {
    let four = load_four(first / 4u);
    for (var k = 0u; k < min(4u, end - first); k++) {
      let row = first + k;
      if row >= running.end {
        hand_on(running, 2u);
        running = column_of(row);
        if running.column != no_column {
          known = extremes_of(running.column);
        }
      }
      let bits = pick(four, k);
      let image = image_of(bits);
      let counts = is_number(bits);
      running.first = select(running.first, max(running.first, ~row), counts && is_equal(image, known.smallest));
      running.second = select(running.second, max(running.second, ~row), counts && is_equal(image, known.largest));
    }
  }
  hand_on(running, 2u);
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
    let nothing = select(0u, 0x7fc00000u, params.is_float != 0u);
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
