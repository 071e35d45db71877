// What to draw around and on a picture, in pixels from its top left corner, in drawing order. The only thing that
// layout says and painters read: Cairo draws it natively, the page turns it into SVG.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/int.h"
#include "plot/color.h"

namespace shoal::plot {

// Whole pixels.
struct PixelRect {
  u32 x = 0, y = 0, width = 0, height = 0;

  friend bool operator==(const PixelRect&, const PixelRect&) = default;
};

struct RectItem {
  double x = 0, y = 0, width = 0, height = 0;
  Rgba fill;
  std::string role;  // background, plot, frame
};

struct LineItem {
  double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  double width = 1;
  Rgba stroke;
  std::string role;  // grid-x, grid-y, tick-x, tick-y, axis-x, axis-y, legend-tick
};

enum class Anchor : u8 { kStart, kMiddle, kEnd };

struct TextItem {
  double x = 0, y = 0;  // where the anchor meets the baseline
  std::string text;     // printable UTF-8
  double size_px = 11;
  double width = 0;  // what layout reserved: a wider font is squeezed into it
  Anchor anchor = Anchor::kStart;
  bool bold = false;
  double rotation_degrees = 0;  // clockwise about (x, y)
  Rgba fill;
  std::string role;  // title, subtitle, caption, title-x, title-y, label-x, label-y, context-x, ..., legend-...
};

// Where the picture that the GPU shaded goes, one to one.
struct ImageItem {
  PixelRect area;
};

// The legend's bar: colours at even distances from the top down.
struct GradientItem {
  double x = 0, y = 0, width = 0, height = 0;
  std::vector<Rgba> colors;
};

using DisplayItem = std::variant<RectItem, LineItem, TextItem, ImageItem, GradientItem>;

struct DisplayList {
  u32 width = 0, height = 0;
  std::vector<DisplayItem> items;
};

// {"width":..,"height":..,"items":[{"type":"rect",..},..]}: compact, keys in the structs' order, coordinates to a
// hundredth of a pixel, so that equal layouts give equal bytes. The page reads it.
std::string display_list_json(const DisplayList& list);

}  // namespace shoal::plot
