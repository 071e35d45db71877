// guides_demo OUT.png WIDTH HEIGHT light|dark [numbers|times|names] [SCHEME] [SCALE]: a made-up density with
// guides, to be looked at.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "base/write_file.h"
#include "plot/cairo_painter.h"
#include "plot/guides.h"

using namespace shoal;
using namespace shoal::plot;

namespace {

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Like flights: distances in clumps, delays near zero with a long tail upwards.
std::vector<u32> count_rows(u32 width, u32 height, size_t rows) {
  std::vector<u32> counts(size_t{width} * height);
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  std::exponential_distribution<double> tail(1.0);
  for (size_t i = 0; i < rows; ++i) {
    const double route = std::floor(std::fmin(tail(random) * 90, 480)) * 10;
    const double distance = std::fmod(std::fabs(route + normal(random) * 4), 4983);
    double delay = normal(random) * 9 - 4;
    if (random() % 3 == 0) delay += tail(random) * 32;
    if (random() % 200 == 0) delay += tail(random) * 140;
    const double x = distance / 4983 * width;
    const double y = (1 - (std::round(delay) + 60) / 660) * height;
    if (x >= 0 && x < width && y >= 0 && y < height) {
      ++counts[static_cast<size_t>(y) * width + static_cast<size_t>(x)];
    }
  }
  return counts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "guides_demo OUT WIDTH HEIGHT light|dark [numbers|times|names] [SCHEME] [SCALE]\n");
    return 2;
  }
  const std::string out = argv[1];
  const std::string axes = argc > 5 ? argv[5] : "numbers";
  GuideRequest request;
  request.width = static_cast<u32>(std::atoi(argv[2]));
  request.height = static_cast<u32>(std::atoi(argv[3]));
  request.theme = std::string(argv[4]) == "dark" ? kDarkTheme : kLightTheme;
  request.title = "delay by distance";
  request.subtitle = "flights-3m.parquet \xc2\xb7 3,000,000 of 3,000,000 rows, exact";
  request.x = {.domain = integer_domain(0, 4983), .title = "distance", .category = {}};
  request.y = {.domain = integer_domain(-60, 600), .title = "delay", .category = {}};
  if (axes == "times") {
    request.x = {
        .domain = time_domain(16'312'320LL * 60, 16'503'000LL * 60, 86'400, 60), .title = "date", .category = {}};
  } else if (axes == "names") {
    static const char* const kNames[] = {"San Francisco", "Oakland", "San Jose", "Los Angeles", "Z\xc3\xbcrich"};
    const auto name = [](u64 code) { return std::string(kNames[code % 5]) + " " + std::to_string(code); };
    request.x = {.domain = category_domain(24), .title = "origin", .category = name};
    request.y = {.domain = category_domain(9), .title = "destination", .category = name};
  }
  const std::string scheme_text = argc > 6 ? argv[6] : "viridis";
  const std::string scale_text = argc > 7 ? argv[7] : "log";
  const auto scheme = parse_scheme(scheme_text);
  const auto scale = parse_color_scale(scale_text);
  if (!scheme || !scale) return 2;
  request.legend = Legend{.scheme = *scheme, .scale = *scale, .largest = 1};

  const PixelRect plot = layout_guides(request).plot;
  const std::vector<u32> counts = count_rows(plot.width, plot.height, 3'000'000);
  u32 largest = 0;
  for (const u32 count : counts) largest = std::max(largest, count);
  const ColorTable table = color_table(*scheme, request.theme.is_dark);
  std::vector<u32> pixels(counts.size());
  for (size_t i = 0; i < counts.size(); ++i) {
    pixels[i] = shade(table, *scale, static_cast<float>(counts[i]), static_cast<float>(largest));
  }
  request.legend->largest = largest;
  const double start = now_ms();
  const GuideLayout layout = layout_guides(request);
  const double laid_out = now_ms();
  const auto format = picture_format(out);
  if (!format) return 2;
  const auto bytes = paint(layout.list, {pixels, plot.width, plot.height}, *format);
  const double painted = now_ms();
  if (!bytes) {
    std::fprintf(stderr, "%s\n", bytes.error().message().c_str());
    return 1;
  }
  if (const auto written = write_file(out, *bytes); !written) {
    std::fprintf(stderr, "%s\n", written.error().message().c_str());
    return 1;
  }
  std::fprintf(stderr, "layout %.3f ms, paint %.1f ms, write %.1f ms, %zu bytes, plot %u x %u\n", laid_out - start,
               painted - laid_out, now_ms() - painted, bytes->size(), plot.width, plot.height);
  return 0;
}
