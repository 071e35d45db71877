// Writes a column of a chunk in the encoding that the host chose from its summaries: code = (value - base) / divisor,
// in 8, 16, 32 or 64 bits, or the image of the f32 that an f64 is. Where a row is null the code is 0.
// Method: one invocation a word of codes, so that every encoding is the same loads and the same store, without a branch.
// Division of multiples is exact, so it is a shift and a product with the odd part's inverse.
// `narrow`: no difference from the base needs more than 32 bits, so the low words decide.
// Moves 4 or 8 bytes a row in, and 1 to 8 out.
@if(!narrow && !floats) import package::primitives::wide::{wide_multiply, wide_shift_right, wide_subtract};
import package::table::columns_storage::{stored_u16, stored_u64, stored_u8};
@if(floats) import package::table::columns_storage::stored_f32_of_f64;
import package::table::raw_values::{raw_bits, raw_image, raw_params, raw_valid, raw_words, raw_words_per_value};

@group(0) @binding(2) var<storage, read_write> slab: array<u32>;

@if(floats)
// The f32 image of an f64 image whose value is an f32's.
fn narrow_image(image: vec2u) -> u32 {
  let bits = select(~image, vec2u(image.x, image.y ^ 0x80000000u), (image.y & 0x80000000u) != 0u);
  let exponent = (bits.y >> 20u) & 0x7ffu;
  let finite = select(((exponent - 896u) << 23u) | ((bits.y & 0xfffffu) << 3u) | (bits.x >> 29u), 0u, exponent == 0u);
  let nan_bit = select(0u, 0x400000u, ((bits.y & 0xfffffu) | bits.x) != 0u);
  let narrow = (bits.y & 0x80000000u) | select(finite, 0x7f800000u | nan_bit, exponent == 0x7ffu);
  return select(narrow ^ 0x80000000u, ~narrow, (narrow & 0x80000000u) != 0u);
}

@if(floats)
fn code_of_value(row: u32) -> vec2u {
  let image = raw_image(raw_bits(row));
  return select(image, vec2u(narrow_image(image), 0u), raw_params.storage == stored_f32_of_f64);
}

@elif(narrow)
fn code_of_value(row: u32) -> vec2u {
  let difference = raw_words[row * raw_words_per_value()] - raw_params.base.x;
  return vec2u((difference >> raw_params.code_divisor.shift) * raw_params.code_divisor.inverse.x, 0u);
}

@else
fn code_of_value(row: u32) -> vec2u {
  let difference = wide_subtract(raw_image(raw_bits(row)), raw_params.base);
  return wide_multiply(wide_shift_right(difference, raw_params.code_divisor.shift), raw_params.code_divisor.inverse);
}

fn code_of(row: u32) -> vec2u {
  // Rows past the end, which fill the last word, read the last row and are 0.
  let readable = min(row, raw_params.rows - 1u);
  return select(vec2u(0u), code_of_value(readable), row < raw_params.rows && raw_valid(readable));
}

@compute @workgroup_size(256)
fn encode(@builtin(global_invocation_id) invocation: vec3u) {
  let is_wide = raw_params.storage == stored_u64;
  let rows_per_word = select(select(1u, 2u, raw_params.storage == stored_u16), 4u, raw_params.storage == stored_u8);
  let first = invocation.x * rows_per_word;
  if first >= raw_params.padded_rows {
    return;
  }
  var word = vec2u(0u);
  for (var k = 0u; k < rows_per_word; k++) {
    let code = code_of(first + k);
    word |= vec2u(code.x << (k * (32u / rows_per_word)), code.y);
  }
  let target_word = raw_params.target_words + invocation.x * select(1u, 2u, is_wide);
  slab[target_word] = word.x;
  if is_wide {
    slab[target_word + 1u] = word.y;
  }
}
