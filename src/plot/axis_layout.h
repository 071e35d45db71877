// One axis: which ticks and labels it gets in the room there is.
#pragma once

#include <string>
#include <vector>

#include "plot/guides.h"

namespace shoal::plot {

constexpr double kLabelSize = 11;      // px at scale 1, as all lengths here
constexpr double kContextSize = 10;    // of the year below a month
constexpr double kTickLength = 5;      // outside the plot area
constexpr double kLabelGap = 8;        // from the plot area to a label
constexpr double kLabelLine = 14;      // from one line of labels to the next
constexpr double kLabelDistance = 10;  // between two labels beside each other

struct AxisLabel {
  double position = 0;  // as Tick's
  std::string text;     // printable; "" for a tick without a label
  std::string context;  // to be drawn in a second line; "" for none
  double shift = 0;     // px along the axis, away from the tick
};

struct AxisPlan {
  std::vector<AxisLabel> labels;
  std::string offset;
  bool is_rotated = false;   // x: by 45 degrees, labels end at their ticks
  bool has_context = false;  // x: a line below the labels
  double extent = 0;         // px that labels reach away from the plot area, kLabelGap included
};

// `room`: px from the plot area to where labels must end, at most. `plot` in px; x labels stay within [left,
// right].
AxisPlan plan_y_axis(const Axis& axis, double scale, double plot_height, double room);
AxisPlan plan_x_axis(const Axis& axis, double scale, double plot_x, double plot_width, double left, double right,
                     double room);

void draw_x_axis(DisplayList& list, const AxisPlan& plan, const PixelRect& plot, double scale, const Theme& theme);
void draw_y_axis(DisplayList& list, const AxisPlan& plan, const PixelRect& plot, double scale, const Theme& theme);
// Grid lines lie below the picture, which is transparent where there are no rows.
void draw_grid(DisplayList& list, const AxisPlan& x, const AxisPlan& y, const PixelRect& plot, double scale,
               const Theme& theme);

}  // namespace shoal::plot
