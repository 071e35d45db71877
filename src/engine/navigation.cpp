#include "engine/navigation.h"

namespace shoal::engine {

AxisView zoom_axis(const plot::Domain& shown, double position, double factor, const plot::Domain& limits) {
  const plot::Domain domain = plot::zoom(shown, position, factor, limits);
  if (domain == limits) return std::nullopt;
  return domain;
}

AxisView AxisDrag::move(const AxisView& view, double share, const plot::Domain& limits) {
  if (!view) return view;
  if (!from_) {
    from_ = view;
    share_ = 0;
  }
  share_ += share;
  const plot::Domain moved = plot::pan(*from_, share_, limits);
  // At an end the way back begins at once.
  const bool is_float = limits.kind == plot::DomainKind::kFloat;
  const bool is_at_end = is_float ? moved.float_low <= limits.float_low || moved.float_high >= limits.float_high
                                  : moved.low <= limits.low || moved.high >= limits.high;
  if (is_at_end) end();
  return moved;
}

}  // namespace shoal::engine
