// What zooming and dragging do to what an axis shows. An axis that shows all of its column has no view of its own,
// so that it follows the column as rows come in.
#pragma once

#include <optional>

#include "plot/scale.h"

namespace shoal::engine {

using AxisView = std::optional<plot::Domain>;

// The view `factor` times as wide (below 1: closer) in which the value at `position` (0 to 1) stays where it is.
// `shown` is what is shown now, `limits` all that could be.
AxisView zoom_axis(const plot::Domain& shown, double position, double factor, const plot::Domain& limits);

// Whole bands move and a step may be less than one, so a drag pans the view that it began with.
class AxisDrag {
 public:
  // `share` of the axis's length further towards its high end. An axis that shows all does not move.
  AxisView move(const AxisView& view, double share, const plot::Domain& limits);
  void end() { from_.reset(); }

 private:
  AxisView from_;
  double share_ = 0;
};

}  // namespace shoal::engine
