#include "plot/legend_layout.h"

#include <algorithm>
#include <cmath>

#include "base/heap_sort.h"
#include "plot/format.h"
#include "plot/text_metrics.h"

namespace shoal::plot {
namespace {

constexpr double kSize = 11;
constexpr double kTitleSize = 10.5;
constexpr double kTitleLine = 13;
constexpr double kBarWidth = 12;
constexpr double kBarLongest = 340;
constexpr double kTickSpacing = 16;  // px at least
constexpr size_t kStops = 33;

// color_position in double: a float's last bit must not move a label by a pixel between native and page.
double bar_position(ColorScale scale, double value, double largest) {
  switch (scale) {
    case ColorScale::kLinear: return value / largest;
    case ColorScale::kLog: return std::log2(1 + value) / std::log2(1 + largest);
    case ColorScale::kCubeRoot: return std::cbrt(value) / std::cbrt(largest);
  }
  return value / largest;
}

// The title in at most two lines, broken at a space.
std::vector<std::string> wrap_title(const std::string& title, double width, double size) {
  if (text_width(title, size) <= width) return {title};
  size_t break_at = std::string::npos;
  for (size_t i = 0; i < title.size(); ++i) {
    if (title[i] == ' ' && text_width(std::string_view(title).substr(0, i), size) <= width) break_at = i;
  }
  if (break_at == std::string::npos) return {shortened(title, width, size)};
  return {title.substr(0, break_at), shortened(std::string_view(title).substr(break_at + 1), width, size)};
}

}  // namespace

std::vector<LegendTick> legend_ticks(ColorScale scale, double largest, double distance) {
  std::vector<LegendTick> ticks;
  if (!(largest > 0) || !std::isfinite(largest) || !(distance > 0)) return ticks;
  int order = 0;
  double power = 1;
  for (; power * 10 <= largest && order < 20; power *= 10) ++order;
  for (; power > largest && order > -9; --order) power = power > 1 ? power / 10 : std::pow(10.0, order - 1);
  if (scale == ColorScale::kLinear) {
    // The smallest round step whose ticks are far enough apart.
    for (int exponent = order - 2; exponent <= order; ++exponent) {
      for (const int mantissa : {1, 2, 5}) {
        const double step = mantissa * std::pow(10.0, exponent);
        if (step / largest < distance && !(exponent == order && mantissa == 5)) continue;
        for (int k = 0; k * step <= largest * (1 + 1e-12); ++k) {
          ticks.push_back(
              {std::min(1.0, k * step / largest), format_si(static_cast<i128>(k) * mantissa, exponent)});
        }
        return ticks;
      }
    }
    return ticks;
  }
  // Counts begin at 1; values per code, which may all be below it, a decade and a half below the largest.
  const int lowest = order >= 1 ? 0 : order - 1;
  for (const int mantissa : {1, 5, 2}) {
    for (int exponent = order; exponent >= lowest; --exponent) {
      const double value = mantissa * std::pow(10.0, exponent);
      if (value > largest) continue;
      const double position = bar_position(scale, value, largest);
      const bool has_room = std::ranges::all_of(
          ticks, [&](const LegendTick& tick) { return std::fabs(tick.position - position) >= distance; });
      if (has_room) ticks.push_back({position, format_si(mantissa, exponent)});
    }
  }
  heap_sort(ticks, {}, &LegendTick::position);
  return ticks;
}

void draw_legend(DisplayList& list, const Legend& legend, double x, const PixelRect& plot, double scale,
                 const Theme& theme) {
  double top = plot.y;
  for (const std::string& line : wrap_title(printable(legend.title), kLegendWidth * scale, kTitleSize * scale)) {
    if (line.empty()) continue;
    list.items.emplace_back(TextItem{.x = x,
                                     .y = top + kTitleSize * kAscent * scale,
                                     .text = line,
                                     .size_px = kTitleSize * scale,
                                     .width = text_width(line, kTitleSize * scale),
                                     .fill = theme.muted_text,
                                     .role = "legend-title"});
    top += kTitleLine * scale;
  }
  top = std::round(top + 8 * scale);
  const double height = std::floor(std::min(plot.y + plot.height - top, kBarLongest * scale));
  const double bar_width = std::round(kBarWidth * scale);
  const ColorTable table = color_table(legend.scheme, theme.is_dark);
  GradientItem bar{.x = std::round(x), .y = top, .width = bar_width, .height = height, .colors = {}};
  for (size_t i = 0; i < kStops; ++i) {
    bar.colors.push_back(rgba_of_pixel(table[(kStops - 1 - i) * (kColorTableSize - 1) / (kStops - 1)]));
  }
  const double right = bar.x + bar_width;
  list.items.emplace_back(std::move(bar));
  const double width = std::max(1.0, std::round(scale));
  for (const LegendTick& tick : legend_ticks(legend.scale, legend.largest, kTickSpacing * scale / height)) {
    const double y = std::round(top + (1 - tick.position) * height);
    const double at = std::min(std::floor(y - width / 2 + 0.5), top + height - width) + width / 2;
    list.items.emplace_back(LineItem{right, at, right + 4 * scale, at, width, theme.axis, "legend-tick"});
    const double text_x = right + 7 * scale;
    const std::string label = shortened(tick.label, x + kLegendWidth * scale - text_x, kSize * scale);
    list.items.emplace_back(TextItem{.x = text_x,
                                     .y = y + kDigitHeight * kSize * scale / 2,
                                     .text = label,
                                     .size_px = kSize * scale,
                                     .width = text_width(label, kSize * scale),
                                     .fill = theme.text,
                                     .role = "legend-label"});
  }
}

}  // namespace shoal::plot
