// Writes a column of a chunk in the encoding that the host chose from its summaries: code = (value - base) / divisor,
// in 8, 16, 32 or 64 bits, or the image of the f32 that an f64 is. Where a row is null the code is 0.
// Method: division of multiples is exact, so it is a shift and a product with the odd part's inverse.
// Moves 4 or 8 bytes a row in, and 1 to 8 out.
import package::primitives::wide::{wide_multiply, wide_shift_right, wide_subtract};
import package::table::columns_storage::{stored_f32_of_f64, stored_u16, stored_u32, stored_u64, stored_u8};
import package::table::raw_values::{raw_image, raw_params, raw_valid};

@group(0) @binding(3) var<storage, read_write> slab: array<u32>;

// The f32 image of an f64 image whose value is an f32's.
fn narrow_image(image: vec2u) -> u32 {
  let bits = select(~image, vec2u(image.x, image.y ^ 0x80000000u), (image.y & 0x80000000u) != 0u);
  let exponent = (bits.y >> 20u) & 0x7ffu;
  var narrow = bits.y & 0x80000000u;
  if exponent == 0x7ffu {
    narrow |= 0x7f800000u | select(0u, 0x400000u, ((bits.y & 0xfffffu) | bits.x) != 0u);
  } else if exponent != 0u {
    narrow |= ((exponent - 896u) << 23u) | ((bits.y & 0xfffffu) << 3u) | (bits.x >> 29u);
  }
  return select(narrow ^ 0x80000000u, ~narrow, (narrow & 0x80000000u) != 0u);
}

fn code_of(row: u32) -> vec2u {
  if row >= raw_params.rows || !raw_valid(row) {
    return vec2u(0u);
  }
  let image = raw_image(row);
  if raw_params.storage == stored_f32_of_f64 {
    return vec2u(narrow_image(image), 0u);
  }
  let difference = wide_subtract(image, raw_params.base);
  if raw_params.divisor == 16u {
    return difference;
  }
  let divisor = raw_params.divisors[raw_params.divisor];
  return wide_multiply(wide_shift_right(difference, divisor.shift), divisor.inverse);
}

@compute @workgroup_size(256)
fn encode(@builtin(global_invocation_id) invocation: vec3u) {
  let row = invocation.x * 4u;
  if row >= raw_params.rows {
    return;
  }
  let a = code_of(row);
  let b = code_of(row + 1u);
  let c = code_of(row + 2u);
  let d = code_of(row + 3u);
  let start = raw_params.target_words;
  switch raw_params.storage {
    case stored_u8: {
      slab[start + row / 4u] = a.x | (b.x << 8u) | (c.x << 16u) | (d.x << 24u);
    }
    case stored_u16: {
      slab[start + row / 2u] = a.x | (b.x << 16u);
      slab[start + row / 2u + 1u] = c.x | (d.x << 16u);
    }
    case stored_u64: {
      let first = start + 2u * row;
      slab[first] = a.x;
      slab[first + 1u] = a.y;
      slab[first + 2u] = b.x;
      slab[first + 3u] = b.y;
      slab[first + 4u] = c.x;
      slab[first + 5u] = c.y;
      slab[first + 6u] = d.x;
      slab[first + 7u] = d.y;
    }
    default: {
      slab[start + row] = a.x;
      slab[start + row + 1u] = b.x;
      slab[start + row + 2u] = c.x;
      slab[start + row + 3u] = d.x;
    }
  }
}
