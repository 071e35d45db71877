// Colours: 8-bit RGBA, the schemes that density is shaded with, and the table of 256 words a kernel reads.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/int.h"
#include "base/result.h"
#include "plot/color_reference.h"

namespace shoal::plot {

struct Rgba {
  u8 red = 0, green = 0, blue = 0, alpha = 255;

  friend bool operator==(const Rgba&, const Rgba&) = default;
};
constexpr Rgba rgb(u32 hex) {
  return {static_cast<u8>(hex >> 16), static_cast<u8>((hex >> 8) & 255), static_cast<u8>(hex & 255), 255};
}
// "#rrggbb", or "#rrggbbaa" when not opaque: what SVG and CSS read.
std::string css_color(Rgba color);

enum class Scheme : u8 { kViridis, kMagma, kInferno, kCividis };

// The names that `--scheme` and `--color-scale` take. Errors: kInvalidArgument with the nearest name.
std::string_view scheme_name(Scheme scheme);
std::string_view color_scale_name(ColorScale scale);
Result<Scheme> parse_scheme(std::string_view name);
Result<ColorScale> parse_color_scale(std::string_view name);

// What shade() interpolates. On a light background more rows are darker: the scheme is reversed. The end that is
// nearest the background is cut off, so that a bin with a single row can be told from an empty one.
using ColorTable = std::array<u32, kColorTableSize>;
ColorTable color_table(Scheme scheme, bool is_dark);

constexpr Rgba rgba_of_pixel(u32 pixel) {
  return {static_cast<u8>(pixel & 255), static_cast<u8>((pixel >> 8) & 255), static_cast<u8>((pixel >> 16) & 255),
          static_cast<u8>(pixel >> 24)};
}

}  // namespace shoal::plot
