// Lays axes, titles and the colour legend out around the plot area of a picture.
//
// Guides are drawn at a `scale` that grows with the picture: 1 up to 1280 x 720, so that text there is 11 px, and
// beyond it the smaller of width / 1280 and height / 720 in quarters: 3 at 3840 x 2160, where text is 33 px. A
// large picture shown as large as a small one has text as large. The page passes its device pixel ratio instead.
// What does not fit is left out, in this order: caption, legend, titles, axis titles, axes.
#pragma once

#include <optional>
#include <string>

#include "plot/color.h"
#include "plot/display_list.h"
#include "plot/scale.h"
#include "plot/theme.h"
#include "plot/ticks.h"

namespace shoal::plot {

struct Axis {
  Domain domain;
  std::string title;       // as the file has it: what is not UTF-8 is escaped
  CategoryLabel category;  // of kCategory
};

struct Legend {
  Scheme scheme = Scheme::kViridis;
  ColorScale scale = ColorScale::kCubeRoot;
  double largest = 0;  // the value at the top of the bar
  std::string title = "rows per pixel";
};

struct GuideRequest {
  u32 width = 0, height = 0;  // of the whole picture, at least 1 each
  double scale = 0;           // 0: by the rule above
  Theme theme = kLightTheme;
  Axis x, y;
  std::optional<Legend> legend;
  std::string title, subtitle, caption;  // empty: none, and no room for it
};

// `plot` is at least 1 x 1 and depends on sizes, axes, on whether there is a legend and on which texts are empty;
// not on Legend::largest nor on what the texts say. So it is known before the first row is counted, and stays.
struct GuideLayout {
  PixelRect plot;
  double scale = 1;
  DisplayList list;
};
GuideLayout layout_guides(const GuideRequest& request);

// The scale that 0 stands for.
double guide_scale(u32 width, u32 height);

}  // namespace shoal::plot
