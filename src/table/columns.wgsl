// Column codes of one chunk, as kernels read them: four rows at a time where codes are narrow, so that a word of
// 8-bit codes is loaded once. The column number is a literal at every call, so that the switches fold away.
import package::primitives::wide::{wide_add, wide_multiply};
import package::table::columns_storage::{stored_f32_of_f64, stored_u16, stored_u32, stored_u64, stored_u8};

const most_columns = 6u;      // of the 8 storage buffers that WebGPU guarantees, 2 belong to the kernel
const no_offset = 0xffffffffu;

// host-shareable
struct ChunkColumn {
  storage: u32,               // stored_*
  offset_words: u32,          // of the first code in the bound slab
  validity_offset_words: u32, // of the validity bits; no_offset: no row is null
  zone_offset_words: u32,     // of the zone map: per block the smallest and largest stored code; two words each for stored_u64
  multiplier: vec2u,          // column code = stored code x multiplier + bias
  bias: vec2u,
}

// host-shareable
struct Chunk {
  rows: u32,
  first_block: u32,  // blocks of the chunks before this one
  reserved: vec2u,
  columns: array<ChunkColumn, 6>,
}

@group(1) @binding(0) var<uniform> chunk: Chunk;
@group(1) @binding(1) var<storage, read> column0: array<u32>;
@group(1) @binding(2) var<storage, read> column1: array<u32>;
@group(1) @binding(3) var<storage, read> column2: array<u32>;
@group(1) @binding(4) var<storage, read> column3: array<u32>;
@group(1) @binding(5) var<storage, read> column4: array<u32>;
@group(1) @binding(6) var<storage, read> column5: array<u32>;

fn column_word(column: u32, index: u32) -> u32 {
  switch column {
    case 0u: { return column0[index]; }
    case 1u: { return column1[index]; }
    case 2u: { return column2[index]; }
    case 3u: { return column3[index]; }
    case 4u: { return column4[index]; }
    default: { return column5[index]; }
  }
}

// Column codes of rows `row` to `row + 3`; `row` is a multiple of 4. Rows past the chunk's end read padding. As many words
// are loaded as four codes take: on software adapters loads are what this costs.
fn narrow_codes(column: u32, row: u32) -> vec4u {
  let storage = chunk.columns[column].storage;
  let is_u8 = storage == stored_u8;
  let is_u16 = storage == stored_u16;
  let first = chunk.columns[column].offset_words + select(select(row, row / 2u, is_u16), row / 4u, is_u8);
  let word = column_word(column, first);
  var words = vec4u(word);
  if !is_u8 {
    words.y = column_word(column, first + 1u);
  }
  if !is_u8 && !is_u16 {
    words.z = column_word(column, first + 2u);
    words.w = column_word(column, first + 3u);
  }
  let bytes = (vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu);
  let halves = (words.xxyy >> vec4u(0u, 16u, 0u, 16u)) & vec4u(0xffffu);
  let stored = select(select(words, halves, is_u16), bytes, is_u8);
  return stored * chunk.columns[column].multiplier.x + chunk.columns[column].bias.x;
}

// f32 image to f64 image; subnormal f32 values never get here, since they are not stored as f32.
fn widen_image(image: u32) -> vec2u {
  let bits = select(~image, image ^ 0x80000000u, (image & 0x80000000u) != 0u);
  let exponent = (bits >> 23u) & 0xffu;
  let mantissa = bits & 0x7fffffu;
  var high = bits & 0x80000000u;
  if exponent == 0xffu {
    high |= 0x7ff00000u;
  } else if exponent != 0u {
    high |= (exponent + 896u) << 20u;
  }
  let wide = vec2u(mantissa << 29u, high | (mantissa >> 3u));
  return select(vec2u(wide.x, wide.y ^ 0x80000000u), ~wide, (wide.y & 0x80000000u) != 0u);
}

fn wide_code(column: u32, row: u32) -> vec2u {
  let start = chunk.columns[column].offset_words;
  var stored = vec2u(0u);
  switch chunk.columns[column].storage {
    case stored_u8: {
      stored.x = (column_word(column, start + row / 4u) >> (8u * (row % 4u))) & 0xffu;
    }
    case stored_u16: {
      stored.x = (column_word(column, start + row / 2u) >> (16u * (row % 2u))) & 0xffffu;
    }
    case stored_u32: {
      stored.x = column_word(column, start + row);
    }
    case stored_f32_of_f64: {
      return widen_image(column_word(column, start + row));
    }
    default: {
      stored = vec2u(column_word(column, start + 2u * row), column_word(column, start + 2u * row + 1u));
    }
  }
  return wide_add(wide_multiply(stored, chunk.columns[column].multiplier), chunk.columns[column].bias);
}

// Bit k: row `row + k` is not null; `row` is a multiple of 4.
fn validity_bits(column: u32, row: u32) -> u32 {
  let start = chunk.columns[column].validity_offset_words;
  if start == no_offset {
    return 0xfu;
  }
  return (column_word(column, start + row / 32u) >> (row % 32u)) & 0xfu;
}

// Smallest and largest column code of the block; zone maps hold stored codes, so they survive when the column's base
// moves. Where all rows are null the first is above the second.
fn narrow_zone(column: u32, block: u32) -> vec2u {
  let start = chunk.columns[column].zone_offset_words + 2u * block;
  let stored = vec2u(column_word(column, start), column_word(column, start + 1u));
  return stored * chunk.columns[column].multiplier.x + chunk.columns[column].bias.x;
}

fn wide_zone_end(column: u32, entry: u32) -> vec2u {
  let start = chunk.columns[column].zone_offset_words;
  switch chunk.columns[column].storage {
    case stored_u64: {
      let stored = vec2u(column_word(column, start + 2u * entry), column_word(column, start + 2u * entry + 1u));
      return wide_add(wide_multiply(stored, chunk.columns[column].multiplier), chunk.columns[column].bias);
    }
    case stored_f32_of_f64: {
      return widen_image(column_word(column, start + entry));
    }
    default: {
      let stored = vec2u(column_word(column, start + entry), 0u);
      return wide_add(wide_multiply(stored, chunk.columns[column].multiplier), chunk.columns[column].bias);
    }
  }
}

fn wide_zone(column: u32, block: u32) -> vec4u {
  return vec4u(wide_zone_end(column, 2u * block), wide_zone_end(column, 2u * block + 1u));
}
