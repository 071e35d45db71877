// Words of groups that rows are added to by atomics: in a workgroup's own memory where there are up to 256 groups
// (`own`), else in GPU memory at once. All start as 0. Numbers of several words carry from each to the next.

@group(0) @binding(3) var<storage, read_write> groups: array<atomic<u32>>;  // of each group so many words, as its struct says

@if(own)
const own_words = 2048u;  // of 256 groups, 8 each at most
@if(own)
var<workgroup> own: array<atomic<u32>, own_words>;

const cleared_words = 16u;  // by each of a workgroup's lanes

// `words`: of all groups.
fn clear_words(workgroup: u32, lane: u32, lanes: u32, words: u32) {
  for (var i = 0u; i < cleared_words; i++) {
    let word = (workgroup * cleared_words + i) * lanes + lane;
    if word < words {
      atomicStore(&groups[word], 0u);
    }
  }
}

@if(own)
fn clear_own(lane: u32, lanes: u32, words: u32) {
  for (var word = lane; word < words; word += lanes) {
    atomicStore(&own[word], 0u);
  }
}

// What carries into the next word.
fn add_word(word: u32, added: u32) -> u32 {
  @if(own)
  let before = atomicAdd(&own[word], added);
  @else
  let before = atomicAdd(&groups[word], added);
  return select(0u, 1u, before + added < before);
}

// Most rows raise nothing, and to see that takes a load.
fn raise_word(word: u32, value: u32) {
  @if(own) {
    if atomicLoad(&own[word]) < value {
      atomicMax(&own[word], value);
    }
  }
  @else {
    if atomicLoad(&groups[word]) < value {
      atomicMax(&groups[word], value);
    }
  }
}

fn mark_word(word: u32, bits: u32) {
  @if(own)
  atomicOr(&own[word], bits);
  @else
  atomicOr(&groups[word], bits);
}

// A number of 96 bits, modulo 2^96. Small numbers leave some words alone.
fn add_three(first: u32, low: u32, middle: u32, high: u32) {
  let carry = add_carrying(first + 1u, middle, add_carrying(first, low, 0u));
  add_carrying(first + 2u, high, carry);
}

// A word and what the one before it carries; returns what this one does.
fn add_carrying(word: u32, added: u32, carry: u32) -> u32 {
  let with_carry = added + carry;
  var carries = select(0u, 1u, with_carry < carry);
  if with_carry != 0u {
    carries += add_word(word, with_carry);
  }
  return carries;
}

// A workgroup's number of so many words to GPU memory.
@if(own)
fn add_own(first: u32, to: u32, words: u32) {
  var carry = 0u;
  for (var i = 0u; i < words; i++) {
    let added = atomicLoad(&own[first + i]);
    let with_carry = added + carry;
    carry = select(0u, 1u, with_carry < added);
    if with_carry != 0u {
      let before = atomicAdd(&groups[to + i], with_carry);
      carry += select(0u, 1u, before + with_carry < before);
    }
  }
}

// And a largest word.
@if(own)
fn raise_by_own(word: u32, to: u32) {
  atomicMax(&groups[to], atomicLoad(&own[word]));
}
