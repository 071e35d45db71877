// Lends an array a place between guard words and takes it back. What a kernel writes behind or before its array is then
// found, since the lent place is bound together with the guard words behind it.
// Moves 8 bytes a word each way.
import package::primitives::blocks::block_of;

// host-shareable
struct SanitizerParams {
  count: u32,        // words of the lent place, guard words included
  first: u32,        // of the array in it
  array_words: u32,
  name: u32,         // the host's, of the array
}

// The first change that was found, and how many there were.
// host-shareable
struct SanitizerReport {
  changes: atomic<u32>,
  name: u32,
  word: u32,  // of the lent place
  first: u32,
  array_words: u32,
  value: u32,
}

@group(0) @binding(0) var<uniform> params: SanitizerParams;
@group(0) @binding(1) var<storage, read_write> array_words: array<u32>;
@group(0) @binding(2) var<storage, read_write> lent_words: array<u32>;
@group(0) @binding(3) var<storage, read_write> report: SanitizerReport;

const lanes = 256u;
const words_per_lane = 16u;

// Of no pattern that a kernel would write by chance, and another for each place.
fn guard_word(at: u32) -> u32 {
  return ((at + 1u) * 0x9e3779b9u) ^ 0xa5a5a5a5u;
}

fn is_of_array(at: u32) -> bool {
  return at >= params.first && at - params.first < params.array_words;
}

@compute @workgroup_size(lanes)
fn lend(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let start = block_of(group, grid) * lanes * words_per_lane + lane;
  for (var k = 0u; k < words_per_lane; k++) {
    let at = start + k * lanes;
    if at < params.count {
      if is_of_array(at) {
        lent_words[at] = array_words[at - params.first];
      } else {
        lent_words[at] = guard_word(at);
      }
    }
  }
}

@compute @workgroup_size(lanes)
fn take_back(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
             @builtin(local_invocation_index) lane: u32) {
  let start = block_of(group, grid) * lanes * words_per_lane + lane;
  for (var k = 0u; k < words_per_lane; k++) {
    let at = start + k * lanes;
    if at < params.count {
      if is_of_array(at) {
        array_words[at - params.first] = lent_words[at];
      } else if lent_words[at] != guard_word(at) {
        note_change(at);
      }
    }
  }
}

fn note_change(at: u32) {
  if atomicAdd(&report.changes, 1u) == 0u {
    report.name = params.name;
    report.word = at;
    report.first = params.first;
    report.array_words = params.array_words;
    report.value = lent_words[at];
  }
}
