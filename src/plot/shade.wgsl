// Counts to pixels: each pixel finds its bin, divides by the codes the bin covers, and takes a colour by the
// formula that color_reference.h spells out. Rows of bins run upwards, rows of pixels downwards.
// Moves 4 bytes a pixel, and reads each count about once.
import package::plot::density_values::{density_value, shade_params};

@group(0) @binding(0) var<storage, read> colors: array<u32, 256>;
@group(0) @binding(1) var<storage, read> extent: array<vec2u>;  // a ReduceState: its second pair is the largest value
@group(0) @binding(2) var<storage, read_write> pixels: array<u32>;

const scale_linear = 0u;
const scale_log = 1u;

fn color_transform(value: f32) -> f32 {
  switch shade_params.color_scale {
    case scale_linear: { return value; }
    case scale_log: { return log2(1.0 + value); }
    default: { return select(0.0, exp2(log2(value) / 3.0), value > 0.0); }
  }
}

fn color_of(value: f32, largest: f32) -> u32 {
  if !(value > 0.0) {
    return 0u;
  }
  let position = min(color_transform(value) / color_transform(largest), 1.0);
  let place = position * 255.0;
  let below = u32(place);
  let part = place - floor(place);
  let a = unpack4xU8(colors[below]);
  let b = unpack4xU8(colors[min(below + 1u, 255u)]);
  let mixed = vec4f(a) + (vec4f(b) - vec4f(a)) * part + 0.5;
  return pack4xU8(vec4u(mixed)) | 0xff000000u;
}

@compute @workgroup_size(16, 16)
fn shade(@builtin(global_invocation_id) pixel: vec3u) {
  let size = vec2u(shade_params.width, shade_params.height);
  if pixel.x >= size.x || pixel.y >= size.y {
    return;
  }
  let bins = vec2u(shade_params.bins_x, shade_params.bins_y);
  // The bin under the pixel's centre.
  let bin = vec2u((2u * pixel.x + 1u) * bins.x / (2u * size.x), (2u * (size.y - 1u - pixel.y) + 1u) * bins.y / (2u * size.y));
  let largest = bitcast<f32>(extent[1].x);
  pixels[pixel.y * shade_params.words_per_row + pixel.x] = color_of(density_value(bin.y * bins.x + bin.x), largest);
}
