// What is shaded: the count of a bin, evened out over the codes it covers.

// host-shareable
struct ShadeParams {
  width: u32,          // of the picture, in pixels
  height: u32,
  words_per_row: u32,  // of the pixels, 64 at a time, as copies into textures want
  bins_x: u32,
  bins_y: u32,
  covered_x: u32,      // where codes covered per column and row of bins begin in `covered`; no_cover: 1 each
  covered_y: u32,
  color_scale: u32,    // plot::ColorScale
  scale: f32,          // codes that an average bin covers
  reserved: f32,
}

const no_cover = 0xffffffffu;

@group(1) @binding(0) var<uniform> shade_params: ShadeParams;
@group(1) @binding(1) var<storage, read> counts: array<u32>;
@group(1) @binding(2) var<storage, read> covered: array<u32>;

fn density_value(bin: u32) -> f32 {
  var codes = 1.0;
  if shade_params.covered_x != no_cover {
    codes *= f32(covered[shade_params.covered_x + bin % shade_params.bins_x]);
  }
  if shade_params.covered_y != no_cover {
    codes *= f32(covered[shade_params.covered_y + bin / shade_params.bins_x]);
  }
  return f32(counts[bin]) * shade_params.scale / codes;
}
