// What a density over two columns needs behind the slots of primitives/density: columns, axes, and how a row
// becomes a bin. The text that depends on the columns' widths and on the filter follows it (row_program.cpp),
// and calls what is imported here.
import package::query::axis_bins::{even_bin, narrow_bin, query, query_words, table_bin, wide_bin};
import package::query::zones::{narrow_block_passes, wide_block_passes};
import package::table::columns::{chunk, narrow_codes, validity_bits, wide_code};

fn row_count() -> u32 {
  return chunk.rows;
}

fn filter_word(index: u32) -> u32 {
  return query_words[query.filter_words + index];
}

fn bound_word(index: u32) -> u32 {
  return query_words[query.bound_words + index];
}

fn bin_of(x: u32, y: u32) -> u32 {
  let has_bin = x < query.axes[0].bin_count && y < query.axes[1].bin_count;
  return select(0xfffffffdu, y * query.axes[0].bin_count + x, has_bin);  // primitives/density's row_outside
}

fn keep_narrow_block(column: u32, block: u32, bound: u32) -> bool {
  return narrow_block_passes(column, block, bound_word(bound), bound_word(bound + 2u));
}

fn keep_wide_block(column: u32, block: u32, bound: u32) -> bool {
  return wide_block_passes(column, block, vec2u(bound_word(bound), bound_word(bound + 1u)),
                           vec2u(bound_word(bound + 2u), bound_word(bound + 3u)));
}

// Whether the block can hold a row that the axis shows.
fn shows_narrow_block(axis: u32, block: u32) -> bool {
  return narrow_block_passes(axis, block, query.axes[axis].first.x, query.axes[axis].last.x);
}

fn shows_wide_block(axis: u32, block: u32) -> bool {
  return wide_block_passes(axis, block, query.axes[axis].first, query.axes[axis].last);
}
