// What folding a filtered column needs behind the slots of primitives/element_fold.h: columns, the filter's words, and
// which blocks are read. The text that depends on the columns' widths and on the filter follows it (row_program.cpp),
// and calls what is imported here.
import package::table::columns::{chunk, narrow_codes, validity_bits, wide_code};

// host-shareable
struct AggregateParams {
  filter_words: u32,  // where the filter's words and the bits of blocks begin in aggregate_words
  block_words: u32,
}

@group(2) @binding(0) var<uniform> aggregate_params: AggregateParams;
@group(2) @binding(1) var<storage, read> aggregate_words: array<u32>;

fn row_count() -> u32 {
  return chunk.rows;
}

fn first_block() -> u32 {
  return chunk.first_block;
}

fn filter_word(index: u32) -> u32 {
  return aggregate_words[aggregate_params.filter_words + index];
}

// The host has judged the zone maps, since it says how many rows are read.
fn block_passes(block: u32) -> bool {
  let bit = chunk.first_block + block;
  return ((aggregate_words[aggregate_params.block_words + bit / 32u] >> (bit % 32u)) & 1u) == 1u;
}
