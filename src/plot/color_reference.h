// From the density value of a bin to a pixel: the formula that the shading kernel and its CPU twin share, every
// step in f32 so that WGSL can repeat it and agree to +-1 per channel. The table is interpolated rather than
// indexed: log2 and exp2 differ by an ulp or two between GPUs, which at the edge of an index would be a whole
// colour step of up to 5 per channel, and between two colours is a fraction of one.
#pragma once

#include <cmath>
#include <span>

#include "base/int.h"

namespace shoal::plot {

enum class ColorScale : u32 { kLinear, kLog, kCubeRoot };  // the kernel's numbering too

constexpr u32 kColorTableSize = 256;

// What the kernel shades: rows that fell into the bin, per code that the bin covers. `scale` is 1 for rows per
// pixel; a discrete column passes the codes an average pixel covers, so that bins of n and n + 1 codes match.
inline float density_value(u32 count, float scale, float codes_covered) {
  return static_cast<float>(count) * scale / codes_covered;
}

// Monotonic and 0 at 0. WGSL: value; log2(1.0 + value); select(0.0, exp2(log2(value) / 3.0), value > 0.0).
inline float color_transform(ColorScale scale, float value) {
  switch (scale) {
    case ColorScale::kLinear: return value;
    case ColorScale::kLog: return std::log2(1.0f + value);
    case ColorScale::kCubeRoot: return value > 0.0f ? std::exp2(std::log2(value) / 3.0f) : 0.0f;
  }
  return value;
}

// Where on the legend's bar a value lies: 0 at no rows, 1 at `largest` and above it.
inline float color_position(ColorScale scale, float value, float largest) {
  if (!(value > 0.0f) || !(largest > 0.0f)) return 0.0f;
  return std::fmin(color_transform(scale, value) / color_transform(scale, largest), 1.0f);
}

// `table` holds kColorTableSize opaque pixels as words R | G << 8 | B << 16 | A << 24: the bytes of an RGBA8
// image. A bin without rows is 0, transparent, so grid lines and background show through.
inline u32 shade(std::span<const u32> table, ColorScale scale, float value, float largest) {
  if (!(value > 0.0f)) return 0;
  const float place = color_position(scale, value, largest) * static_cast<float>(kColorTableSize - 1);
  const float floor = std::floor(place);
  const float part = place - floor;
  const u32 below = static_cast<u32>(floor);
  const u32 above = below + 1 < kColorTableSize ? below + 1 : below;
  u32 pixel = 0xff000000u;
  for (u32 shift = 0; shift < 24; shift += 8) {
    const float a = static_cast<float>((table[below] >> shift) & 255u);
    const float b = static_cast<float>((table[above] >> shift) & 255u);
    pixel |= static_cast<u32>(a + (b - a) * part + 0.5f) << shift;
  }
  return pixel;
}

}  // namespace shoal::plot
