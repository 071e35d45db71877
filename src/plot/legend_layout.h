// The colour legend: a bar with round counts beside it.
#pragma once

#include "plot/guides.h"

namespace shoal::plot {

// A value on the bar; position 0 at the bottom, 1 at the top.
struct LegendTick {
  double position = 0;
  std::string label;
};

// Round values at least `distance` (of the bar's length) apart; powers of ten before 5s and 2s where the scale is
// not linear.
std::vector<LegendTick> legend_ticks(ColorScale scale, double largest, double distance);

// How wide the legend is, whatever its counts are: px at scale 1.
constexpr double kLegendWidth = 50;
constexpr double kLegendSmallestHeight = 90;

// Draws into a column kLegendWidth x scale wide at x, as high as the plot area.
void draw_legend(DisplayList& list, const Legend& legend, double x, const PixelRect& plot, double scale,
                 const Theme& theme);

}  // namespace shoal::plot
