// Numbers of Parquet's hybrid of runs, from a table of where runs begin; where deltas, what is packed is above the least number
// of its run, as in DELTA_BINARY_PACKED.
// Method: a workgroup takes 4,096 numbers and finds by binary search which runs lie among them; each number searches those,
// and is the run's value, or is taken from the two words that can hold it. Moves 4 bytes a number, its bits where it is
// packed, and 12 bytes a run; where wide 8 bytes a number, where deltas 8 more a run.
import package::primitives::blocks::{block_of, rows_per_block};
@if(deltas && wide) import package::primitives::wide::wide_add;
import package::primitives::word::Word;

// host-shareable
struct HybridRun {
  begin: u32,  // its first number
  bits: u32,   // of each packed number; 0: one value repeated
  word: u32,   // the value, or the byte at which packed numbers begin
}

// host-shareable
struct HybridDecodeParams {
  count: u32,
  run_count: u32,   // at least 1
  word_count: u32,  // of packed
}

@group(0) @binding(0) var<uniform> params: HybridDecodeParams;
@group(0) @binding(1) var<storage, read> runs: array<HybridRun>;
@group(0) @binding(2) var<storage, read> packed: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<Word>;
@if(deltas) @group(0) @binding(4) var<storage, read> least: array<vec2u>;  // of each run

const lanes = 256u;

// The last run, of those from `first` up to `end`, that begins at or before a number; `first` where none does.
fn run_of(number: u32, first: u32, end: u32) -> u32 {
  var low = first;
  var high = end;
  while low + 1u < high {
    let middle = low + (high - low) / 2u;
    let is_left = runs[middle].begin <= number;
    low = select(low, middle, is_left);
    high = select(middle, high, is_left);
  }
  return low;
}

fn packed_word(at: u32) -> u32 {
  return packed[min(at, params.word_count - 1u)];
}

// Eight numbers are as many bytes as a number has bits; all bits together may be more than a word can count.
fn bit_of(run: HybridRun, i: u32) -> u32 {
  return ((run.word + (i / 8u) * run.bits) % 4u) * 8u + (i % 8u) * run.bits;
}

fn word_of(run: HybridRun, i: u32) -> u32 {
  return (run.word + (i / 8u) * run.bits) / 4u + bit_of(run, i) / 32u;
}

@if(!wide)
fn number_of(run: HybridRun, i: u32) -> Word {
  if run.bits == 0u {
    return run.word;
  }
  let word = word_of(run, i);
  let shift = bit_of(run, i) % 32u;
  let low = packed_word(word) >> shift;
  var high = 0u;
  if shift + run.bits > 32u {
    high = packed_word(word + 1u) << ((32u - shift) & 31u);
  }
  return (low | high) & (0xffffffffu >> ((32u - run.bits) & 31u));
}

// Of up to 64 bits, from the three words that can hold it.
@if(wide)
fn number_of(run: HybridRun, i: u32) -> Word {
  if run.bits == 0u {
    return vec2u(run.word, 0u);
  }
  let word = word_of(run, i);
  let shift = bit_of(run, i) % 32u;
  let middle = packed_word(word + 1u);
  // Shifting by 32 is not defined; by 1 and then by 31 it is.
  let low = (packed_word(word) >> shift) | ((middle << 1u) << (31u - shift));
  let high = (middle >> shift) | ((packed_word(word + 2u) << 1u) << (31u - shift));
  let cut = 0xffffffffu >> ((32u - run.bits) & 31u);
  return vec2u(low & select(0xffffffffu, cut, run.bits < 32u), select(0u, high & cut, run.bits > 32u));
}

@compute @workgroup_size(lanes)
fn hybrid_decode(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                 @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * rows_per_block;
  if begin >= params.count {
    return;
  }
  let end = begin + min(rows_per_block, params.count - begin);
  let first = run_of(begin, 0u, params.run_count);
  let last = run_of(end - 1u, first, params.run_count);
  for (var at = begin + lane; at < end; at += lanes) {
    let found = run_of(at, first, last + 1u);
    let number = number_of(runs[found], at - runs[found].begin);
    @if(deltas && wide) {
      result[at] = wide_add(number, least[found]);
    }
    @elif(deltas) {
      result[at] = number + least[found].x;
    }
    @else {
      result[at] = number;
    }
  }
}
