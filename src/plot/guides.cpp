#include "plot/guides.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "plot/axis_layout.h"
#include "plot/legend_layout.h"
#include "plot/text_metrics.h"

namespace shoal::plot {
namespace {

// Lengths in px at scale 1.
constexpr double kPadding = 12;
constexpr double kTitleSize = 15, kTitleLine = 21;
constexpr double kSubtitleSize = 12, kSubtitleLine = 16;
constexpr double kCaptionSize = 10, kCaptionLine = 16;
constexpr double kAxisTitleSize = 11, kAxisTitleLine = 17;
constexpr double kHeaderGap = 10;   // between titles and the rest
constexpr double kYTitleRise = 11;  // of its baseline above the plot area: clear of the topmost label
constexpr double kLegendGap = 16;   // between plot area and legend
constexpr double kEdge = 4;         // labels keep this far from the picture's edge

struct Features {
  bool caption, legend, titles, axis_titles, axes;
};
// From everything to a bare picture.
constexpr std::array<Features, 6> kLevels = {{{true, true, true, true, true},
                                              {false, true, true, true, true},
                                              {false, false, true, true, true},
                                              {false, false, false, true, true},
                                              {false, false, false, false, true},
                                              {false, false, false, false, false}}};

struct Geometry {
  Features features{};
  double scale = 1;
  double top = 0, left = 0, right = 0, bottom = 0;  // margins
  AxisPlan x, y;

  double plot_width(const GuideRequest& request) const { return std::floor(request.width - left - right); }
  double plot_height(const GuideRequest& request) const { return std::floor(request.height - top - bottom); }
};

// Margins without labels; what is left out or empty needs no room.
Geometry fixed_margins(const GuideRequest& request, Features features, double scale) {
  Geometry geometry;
  geometry.features = features;
  geometry.scale = scale;
  if (!features.axes) return geometry;
  double top = 0;
  if (features.titles && !request.title.empty()) top += kTitleLine;
  if (features.titles && !request.subtitle.empty()) top += kSubtitleLine;
  if (top > 0) top += kHeaderGap;
  top += kPadding;
  if (features.axis_titles && !request.y.title.empty()) top += kAxisTitleLine;
  geometry.top = std::round(top * scale);
  double right = kPadding + 6;
  if (features.legend && request.legend) right += kLegendGap + kLegendWidth - 6;
  geometry.right = std::round(right * scale);
  return geometry;
}

// Labels and margins depend on each other: more height, more y labels, a wider one, less width, rotated x labels,
// less height. Margins only grow, so a few rounds settle it.
bool fit_axes(const GuideRequest& request, Geometry& geometry) {
  const double scale = geometry.scale;
  const double edge = kEdge * scale;
  double below = kPadding;
  if (geometry.features.axis_titles && !request.x.title.empty()) below += kAxisTitleLine;
  if (geometry.features.caption && !request.caption.empty()) below += kCaptionLine;
  below *= scale;
  geometry.bottom = std::ceil(below + (kLabelGap + kLabelLine) * scale);
  geometry.left = std::ceil((kPadding + kLabelGap) * scale);
  const double x_room = 0.3 * request.height;
  const double y_room = 0.3 * request.width;
  for (int round = 0; round < 4; ++round) {
    const double height = geometry.plot_height(request);
    if (height < 1) return false;
    geometry.y = plan_y_axis(request.y, scale, height, y_room);
    const double left = std::max(geometry.left, std::ceil(kPadding * scale + geometry.y.extent));
    geometry.left = left;
    const double width = geometry.plot_width(request);
    if (width < 1) return false;
    geometry.x = plan_x_axis(request.x, scale, left, width, edge, request.width - edge, x_room);
    const double bottom = std::max(geometry.bottom, std::ceil(below + geometry.x.extent));
    if (bottom == geometry.bottom) return true;
    geometry.bottom = bottom;
  }
  geometry.y =
      plan_y_axis(request.y, scale, std::max(1.0, geometry.plot_height(request)), geometry.left - kPadding * scale);
  return true;
}

// Whether what is drawn around it leaves the plot area the lead part.
bool is_roomy(const GuideRequest& request, const Geometry& geometry) {
  const double width = geometry.plot_width(request);
  const double height = geometry.plot_height(request);
  const double least_width = (geometry.features.axis_titles ? 130 : 60) * geometry.scale;
  const double least_height = (geometry.features.axis_titles ? 90 : 40) * geometry.scale;
  if (geometry.features.legend && request.legend && height < kLegendSmallestHeight * geometry.scale) return false;
  return width >= least_width && height >= least_height &&
         width * height >= 0.33 * static_cast<double>(request.width) * request.height;
}

Geometry choose_geometry(const GuideRequest& request, double scale) {
  for (const Features& features : kLevels) {
    Geometry geometry = fixed_margins(request, features, scale);
    if (!features.axes) return geometry;
    if (fit_axes(request, geometry) && is_roomy(request, geometry)) return geometry;
  }
  return {};
}

void add_text(DisplayList& list, TextItem item, double widest) {
  item.text = shortened(item.text, widest, item.size_px, item.bold);
  if (item.text.empty()) return;
  item.width = text_width(item.text, item.size_px, item.bold);
  list.items.emplace_back(std::move(item));
}

// "name (+ 9,007,199,254,740,990)": the name gives way, the offset does not. "" when there is no room for it.
std::string axis_title(const std::string& title, const std::string& offset, const std::string& before,
                       const std::string& after, double widest, double size) {
  const std::string added = offset.empty() ? "" : " (+ " + offset + ")";
  const double fixed = text_width(before + added + after, size);
  if (fixed > widest) return {};
  return before + shortened(printable(title), widest - fixed, size) + added + after;
}

// Numbers without their offset would be wrong.
void drop_labels(AxisPlan& plan) {
  for (AxisLabel& label : plan.labels) label.text.clear();
}

void draw_axis_titles(DisplayList& list, const GuideRequest& request, Geometry& geometry, const PixelRect& plot) {
  const double scale = geometry.scale;
  const double size = kAxisTitleSize * scale;
  const double padding = kPadding * scale;
  const bool shown = geometry.features.axis_titles;
  std::string x_title;
  std::string y_title;
  if (shown && !request.x.title.empty()) {
    x_title =
        axis_title(request.x.title, geometry.x.offset, "", " \xe2\x86\x92", plot.x + plot.width - padding, size);
  }
  if (shown && !request.y.title.empty()) {
    y_title =
        axis_title(request.y.title, geometry.y.offset, "\xe2\x86\x91 ", "", request.width - 2 * padding, size);
  }
  if (x_title.empty() && !geometry.x.offset.empty()) drop_labels(geometry.x);
  if (y_title.empty() && !geometry.y.offset.empty()) drop_labels(geometry.y);
  add_text(list,
           {.x = padding,
            .y = plot.y - kYTitleRise * scale,
            .text = y_title,
            .size_px = size,
            .fill = request.theme.muted_text,
            .role = "title-y"},
           request.width - 2 * padding);
  const double below = plot.y + plot.height + geometry.x.extent;
  add_text(list,
           {.x = static_cast<double>(plot.x + plot.width),
            .y = below + size * kAscent + 2 * scale,
            .text = x_title,
            .size_px = size,
            .anchor = Anchor::kEnd,
            .fill = request.theme.muted_text,
            .role = "title-x"},
           plot.x + plot.width - padding);
}

void draw_titles(DisplayList& list, const GuideRequest& request, const Geometry& geometry) {
  const double scale = geometry.scale;
  const double padding = kPadding * scale;
  const double widest = request.width - 2 * padding;
  double y = padding;
  if (geometry.features.titles && !request.title.empty()) {
    add_text(list,
             {.x = padding,
              .y = y + kTitleSize * kAscent * scale,
              .text = printable(request.title),
              .size_px = kTitleSize * scale,
              .bold = true,
              .fill = request.theme.text,
              .role = "title"},
             widest);
    y += kTitleLine * scale;
  }
  if (geometry.features.titles && !request.subtitle.empty()) {
    add_text(list,
             {.x = padding,
              .y = y + kSubtitleSize * kAscent * scale,
              .text = printable(request.subtitle),
              .size_px = kSubtitleSize * scale,
              .fill = request.theme.muted_text,
              .role = "subtitle"},
             widest);
  }
  if (geometry.features.caption && !request.caption.empty()) {
    add_text(list,
             {.x = padding,
              .y = request.height - (padding - kDescent * kCaptionSize * scale),
              .text = printable(request.caption),
              .size_px = kCaptionSize * scale,
              .fill = request.theme.muted_text,
              .role = "caption"},
             widest);
  }
}

}  // namespace

double guide_scale(u32 width, u32 height) {
  return std::max(1.0, std::floor(std::min(width / 1280.0, height / 720.0) * 4) / 4);
}

GuideLayout layout_guides(const GuideRequest& request) {
  const double scale = request.scale > 0 ? request.scale : guide_scale(request.width, request.height);
  Geometry geometry = choose_geometry(request, scale);
  GuideLayout layout;
  layout.scale = scale;
  layout.plot = {.x = static_cast<u32>(geometry.left),
                 .y = static_cast<u32>(geometry.top),
                 .width = static_cast<u32>(geometry.plot_width(request)),
                 .height = static_cast<u32>(geometry.plot_height(request))};
  const PixelRect& plot = layout.plot;
  DisplayList& list = layout.list;
  list.width = request.width;
  list.height = request.height;
  const Theme& theme = request.theme;
  list.items.emplace_back(RectItem{0, 0, static_cast<double>(request.width), static_cast<double>(request.height),
                                   theme.background, "background"});
  if (!geometry.features.axes) {
    list.items.emplace_back(ImageItem{plot});
    return layout;
  }
  draw_titles(list, request, geometry);
  draw_grid(list, geometry.x, geometry.y, plot, scale, theme);
  list.items.emplace_back(ImageItem{plot});
  draw_axis_titles(list, request, geometry, plot);
  draw_x_axis(list, geometry.x, plot, scale, theme);
  draw_y_axis(list, geometry.y, plot, scale, theme);
  if (geometry.features.legend && request.legend) {
    draw_legend(list, *request.legend, plot.x + plot.width + kLegendGap * scale, plot, scale, theme);
  }
  return layout;
}

}  // namespace shoal::plot
