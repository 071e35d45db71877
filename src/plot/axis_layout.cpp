#include "plot/axis_layout.h"

#include <algorithm>
#include <cmath>

#include "plot/text_metrics.h"

namespace shoal::plot {
namespace {

constexpr double kXTickSpacing = 76;  // px at least, on average
constexpr double kYTickSpacing = 36;
constexpr double kCategorySpacing = 15;      // a line of text
constexpr double kDiagonal = 0.70710678118;  // of rotated labels
constexpr double kMostShift = 0.4;           // of a label's width: further from its tick it would mislead

u32 tick_room(double length, double spacing) { return static_cast<u32>(std::clamp(length / spacing, 1.0, 100.0)); }

// Labels as they are drawn; a context only where it is not that of the tick before.
AxisPlan plan_of(const Ticks& ticks) {
  AxisPlan plan;
  plan.offset = ticks.offset;
  std::string_view last_context;
  for (const Tick& tick : ticks.ticks) {
    const bool is_new = tick.context != last_context;
    plan.labels.push_back({.position = tick.position,
                           .text = printable(tick.label),
                           .context = is_new ? tick.context : std::string(),
                           .shift = 0});
    last_context = tick.context;
    if (is_new) plan.has_context = true;
  }
  return plan;
}

double widest_label(const AxisPlan& plan, double scale) {
  double widest = 0;
  for (const AxisLabel& label : plan.labels) {
    widest = std::max(
        {widest, text_width(label.text, kLabelSize * scale), text_width(label.context, kContextSize * scale)});
  }
  return widest;
}

bool labels_fit_beside(const AxisPlan& plan, double scale, double plot_width, double distance) {
  double end = -1e9;
  for (const AxisLabel& label : plan.labels) {
    const double half = text_width(label.text, kLabelSize * scale) / 2;
    const double middle = label.position * plot_width;
    if (middle - half < end) return false;
    end = middle + half + distance;
  }
  return true;
}

// Where a text of `width` about `middle` must move to lie in [left, right]; nothing when that is too far.
bool shift_inside(double middle, double width, double left, double right, double& shift) {
  shift = std::max(0.0, left - (middle - width / 2)) - std::max(0.0, middle + width / 2 - right);
  return std::fabs(shift) <= width * kMostShift && width <= right - left;
}

// Moves or drops what would leave the picture, then what would touch its neighbour after the move.
void keep_inside(AxisPlan& plan, double scale, double plot_x, double plot_width, double left, double right) {
  double end = left - 1;
  for (AxisLabel& label : plan.labels) {
    const double middle = plot_x + label.position * plot_width;
    const double width = text_width(label.text, kLabelSize * scale);
    const bool stays = shift_inside(middle, width, left, right, label.shift);
    if (!stays || middle + label.shift - width / 2 < end) {
      label.text.clear();
    } else {
      end = middle + label.shift + width / 2 + kLabelDistance * scale / 2;
    }
  }
  // From the right: the last context covers what follows it, and one before it that has no room covers little.
  double begin = right + 1;
  for (auto label = plan.labels.rbegin(); label != plan.labels.rend(); ++label) {
    if (label->context.empty()) continue;
    const double width = text_width(label->context, kContextSize * scale);
    double shift = 0;
    const double middle = plot_x + label->position * plot_width;
    // It is centred below its label, wherever that was moved; contexts may move as far as they need.
    shift_inside(middle, width, left, right, shift);
    if (width > right - left || middle + shift + width / 2 > begin) {
      label->context.clear();
    } else {
      begin = middle + shift - width / 2 - kLabelDistance * scale / 2;
    }
  }
}

AxisPlan plan_x_categories(const Axis& axis, double scale, double plot_x, double plot_width, double left,
                           double room) {
  AxisPlan plan = plan_of(axis_ticks(axis.domain, tick_room(plot_width, kCategorySpacing * scale), axis.category));
  if (labels_fit_beside(plan, scale, plot_width, kLabelDistance * scale * 0.8)) return plan;
  plan.is_rotated = true;
  const double line = kLabelSize * scale;
  const double longest = (room - kLabelGap * scale) / kDiagonal - line;
  for (AxisLabel& label : plan.labels) {
    const double to_the_left = (plot_x + label.position * plot_width - left) / kDiagonal - line;
    label.text = shortened(label.text, std::min(longest, to_the_left), kLabelSize * scale);
    const double width = text_width(label.text, kLabelSize * scale);
    if (!label.text.empty()) plan.extent = std::max(plan.extent, kLabelGap * scale + (width + line) * kDiagonal);
  }
  return plan;
}

double snap(double place, double width) { return std::floor(place - width / 2 + 0.5) + width / 2; }
double line_width(double scale) { return std::max(1.0, std::round(scale)); }

double x_of(const PixelRect& plot, double position) { return plot.x + position * plot.width; }
double y_of(const PixelRect& plot, double position) { return plot.y + (1 - position) * plot.height; }

void add_text(DisplayList& list, TextItem item) {
  if (item.text.empty()) return;
  item.width = text_width(item.text, item.size_px, item.bold);
  list.items.emplace_back(std::move(item));
}

}  // namespace

AxisPlan plan_y_axis(const Axis& axis, double scale, double plot_height, double room) {
  const bool is_category = axis.domain.kind == DomainKind::kCategory;
  const double spacing = (is_category ? kCategorySpacing : kYTickSpacing) * scale;
  AxisPlan plan = plan_of(axis_ticks(axis.domain, tick_room(plot_height, spacing), axis.category));
  const double widest = room - kLabelGap * scale;
  for (AxisLabel& label : plan.labels) {
    if (is_category) label.text = shortened(label.text, widest, kLabelSize * scale);
    // Part of a number would be a wrong number.
    if (text_width(label.text, kLabelSize * scale) > widest) label.text.clear();
    if (text_width(label.context, kContextSize * scale) > widest) label.context.clear();
  }
  // Two lines where there is a context: the pair is kept beside the plot area and off its neighbour.
  double end = plot_height + kLabelSize * scale / 2;
  for (AxisLabel& label : plan.labels) {
    const double half = (label.context.empty() ? kDigitHeight * kLabelSize : 2 * kLabelLine - 4) * scale / 2;
    const double middle = (1 - label.position) * plot_height;
    const double slack = kLabelSize * scale / 2;
    label.shift = std::max(0.0, half - slack - middle) - std::max(0.0, middle + half - plot_height - slack);
    if (middle + label.shift + half > end + 0.5) {
      label.text.clear();
      label.context.clear();
    } else if (!label.text.empty()) {
      end = middle + label.shift - half - 3 * scale;
    }
  }
  const double width = widest_label(plan, scale);
  plan.extent = width > 0 ? width + kLabelGap * scale : kTickLength * scale;
  return plan;
}

AxisPlan plan_x_axis(const Axis& axis, double scale, double plot_x, double plot_width, double left, double right,
                     double room) {
  AxisPlan plan;
  if (axis.domain.kind == DomainKind::kCategory) {
    plan = plan_x_categories(axis, scale, plot_x, plot_width, left, room);
    if (plan.is_rotated) return plan;
  } else {
    for (u32 most = tick_room(plot_width, kXTickSpacing * scale);; --most) {
      plan = plan_of(axis_ticks(axis.domain, most, axis.category));
      if (most <= 1 || labels_fit_beside(plan, scale, plot_width, kLabelDistance * scale)) break;
    }
  }
  keep_inside(plan, scale, plot_x, plot_width, left, right);
  plan.extent = (kLabelGap + kLabelLine * (plan.has_context ? 2 : 1)) * scale;
  return plan;
}

void draw_grid(DisplayList& list, const AxisPlan& x, const AxisPlan& y, const PixelRect& plot, double scale,
               const Theme& theme) {
  const double width = line_width(scale);
  const double right = plot.x + plot.width;
  const double bottom = plot.y + plot.height;
  for (const AxisLabel& label : y.labels) {
    const double at = snap(y_of(plot, label.position), width);
    list.items.emplace_back(LineItem{static_cast<double>(plot.x), at, right, at, width, theme.grid, "grid-y"});
  }
  for (const AxisLabel& label : x.labels) {
    const double at = snap(x_of(plot, label.position), width);
    list.items.emplace_back(LineItem{at, static_cast<double>(plot.y), at, bottom, width, theme.grid, "grid-x"});
  }
}

void draw_x_axis(DisplayList& list, const AxisPlan& plan, const PixelRect& plot, double scale, const Theme& theme) {
  const double width = line_width(scale);
  const double bottom = plot.y + plot.height;
  const double size = kLabelSize * scale;
  for (const AxisLabel& label : plan.labels) {
    const double x = x_of(plot, label.position);
    const double at = snap(x, width);
    list.items.emplace_back(LineItem{at, bottom, at, bottom + (kTickLength * scale), width, theme.axis, "tick-x"});
    if (plan.is_rotated) {
      add_text(list, {.x = x + size * 0.25,
                      .y = bottom + kLabelGap * scale + size * 0.5,
                      .text = label.text,
                      .size_px = size,
                      .anchor = Anchor::kEnd,
                      .rotation_degrees = -45,
                      .fill = theme.text,
                      .role = "label-x"});
      continue;
    }
    const double baseline = bottom + kLabelGap * scale + size * kAscent;
    add_text(list, {.x = x + label.shift,
                    .y = baseline,
                    .text = label.text,
                    .size_px = size,
                    .anchor = Anchor::kMiddle,
                    .fill = theme.text,
                    .role = "label-x"});
    const double context_width = text_width(label.context, kContextSize * scale);
    double shift = 0;
    const double edge = 4 * scale;
    shift_inside(x, context_width, edge, list.width - edge, shift);
    add_text(list, {.x = x + shift,
                    .y = baseline + kLabelLine * scale,
                    .text = label.context,
                    .size_px = kContextSize * scale,
                    .anchor = Anchor::kMiddle,
                    .fill = theme.muted_text,
                    .role = "context-x"});
  }
}

void draw_y_axis(DisplayList& list, const AxisPlan& plan, const PixelRect& plot, double scale, const Theme& theme) {
  const double width = line_width(scale);
  const double size = kLabelSize * scale;
  const double x = plot.x - kLabelGap * scale;
  for (const AxisLabel& label : plan.labels) {
    const double y = y_of(plot, label.position);
    const double at = snap(y, width);
    list.items.emplace_back(
        LineItem{plot.x - (kTickLength * scale), at, static_cast<double>(plot.x), at, width, theme.axis, "tick-y"});
    const double middle = y + label.shift + kDigitHeight * size / 2;
    const double half_line = label.context.empty() ? 0 : kLabelLine * scale / 2;
    add_text(list, {.x = x,
                    .y = middle - half_line,
                    .text = label.text,
                    .size_px = size,
                    .anchor = Anchor::kEnd,
                    .fill = theme.text,
                    .role = "label-y"});
    add_text(list, {.x = x,
                    .y = middle + half_line,
                    .text = label.context,
                    .size_px = kContextSize * scale,
                    .anchor = Anchor::kEnd,
                    .fill = theme.muted_text,
                    .role = "context-y"});
  }
}

}  // namespace shoal::plot
