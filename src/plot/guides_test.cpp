#include "plot/guides.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <sstream>

#include "plot/text_metrics.h"

namespace shoal::plot {
namespace {

struct Box {
  double left, top, right, bottom;
  std::string what;
};

// The upright box of a text: layout only ever turns by -45 degrees, whose texts are compared along that diagonal.
Box box_of(const TextItem& item) {
  const double shift = item.anchor == Anchor::kStart    ? 0
                       : item.anchor == Anchor::kMiddle ? item.width / 2
                                                        : item.width;
  if (item.rotation_degrees != 0) {
    const double half = std::sqrt(0.5);
    return {item.x - item.width * half - item.size_px * half * kAscent, item.y - item.size_px * kAscent, item.x,
            item.y + (item.width + item.size_px * kDescent) * half, item.text};
  }
  return {item.x - shift, item.y - item.size_px * kDigitHeight, item.x - shift + item.width, item.y, item.text};
}

void expect_sound(const GuideLayout& layout, const std::string& what) {
  constexpr double kTolerance = 0.51;
  const DisplayList& list = layout.list;
  ASSERT_GE(layout.plot.width, 1u) << what;
  ASSERT_GE(layout.plot.height, 1u) << what;
  ASSERT_LE(layout.plot.x + layout.plot.width, list.width) << what;
  ASSERT_LE(layout.plot.y + layout.plot.height, list.height) << what;
  std::vector<Box> boxes;
  std::vector<double> rotated;
  for (const DisplayItem& item : list.items) {
    if (const auto* line = std::get_if<LineItem>(&item)) {
      ASSERT_GE(std::min({line->x1, line->x2, line->y1, line->y2}), -kTolerance) << what << line->role;
      ASSERT_LE(std::max(line->x1, line->x2), list.width + kTolerance) << what << line->role;
      ASSERT_LE(std::max(line->y1, line->y2), list.height + kTolerance) << what << line->role;
    }
    const auto* text = std::get_if<TextItem>(&item);
    if (text == nullptr) continue;
    const Box box = box_of(*text);
    ASSERT_GE(box.left, -kTolerance) << what << text->role << " " << box.what;
    ASSERT_GE(box.top, -kTolerance) << what << text->role << " " << box.what;
    ASSERT_LE(box.right, list.width + kTolerance) << what << text->role << " " << box.what;
    ASSERT_LE(box.bottom, list.height + kTolerance) << what << text->role << " " << box.what;
    if (text->rotation_degrees != 0) {
      for (const double x : rotated)
        ASSERT_GE(std::fabs(x - text->x) * std::sqrt(0.5), text->size_px * 0.85) << what;
      rotated.push_back(text->x);
      continue;
    }
    for (const Box& other : boxes) {
      const bool apart =
          box.right <= other.left || other.right <= box.left || box.bottom <= other.top || other.bottom <= box.top;
      ASSERT_TRUE(apart) << what << ": " << box.what << " on " << other.what;
    }
    boxes.push_back(box);
  }
}

std::vector<Axis> axes_of_every_kind() {
  const auto short_name = [](u64 code) { return "ab" + std::to_string(code); };
  const auto long_name = [](u64 code) { return "Zürich \xff\xfe Flughafen " + std::string(code % 7 * 20, 'W'); };
  const std::string long_title(300, 'M');
  return {{.domain = integer_domain(-60, 600), .title = "delay", .category = {}},
          {.domain = integer_domain(9'007'199'254'740'993, 9'007'199'254'740'999), .title = "id", .category = {}},
          {.domain = integer_domain(std::numeric_limits<i64>::min(), std::numeric_limits<i64>::max()),
           .title = long_title,
           .category = {}},
          {.domain = float_domain(-1e-300, 1e300), .title = "\xc3", .category = {}},
          {.domain = float_domain(0.12345678, 0.12345679), .title = "", .category = {}},
          {.domain = time_domain(978'300'000, 993'900'000, 86'400, 60), .title = "date", .category = {}},
          {.domain = time_domain(0, 59, 86'400'000'000'000), .title = "nanos", .category = {}},
          {.domain = category_domain(2), .title = "late", .category = short_name},
          {.domain = category_domain(26), .title = "origin", .category = long_name},
          {.domain = category_domain(100'000), .title = "name", .category = short_name}};
}

TEST(Guides, NeverOverlapNorLeaveThePicture) {
  constexpr u32 kSizes[][2] = {{1, 1},      {1, 900},    {900, 1},     {40, 30},      {120, 90},
                               {200, 150},  {300, 800},  {400, 300},   {640, 200},    {1000, 600},
                               {1280, 720}, {1920, 900}, {3840, 2160}, {16384, 16384}};
  for (const auto& [width, height] : kSizes) {
    size_t i = 0;
    for (const Axis& x : axes_of_every_kind()) {
      for (const Axis& y : axes_of_every_kind()) {
        GuideRequest request;
        request.width = width;
        request.height = height;
        request.x = x;
        request.y = y;
        request.scale = ++i % 5 == 0 ? 2 : 0;
        if (i % 3 != 0) request.legend = Legend{.largest = std::pow(3.0, static_cast<double>(i % 20))};
        if (i % 4 != 0) request.title = std::string(i % 90 * 2, 'T') + "\xf0\x9f";
        if (i % 2 != 0) request.subtitle = "3,000,000 of 3,000,000 rows, exact";
        if (i % 7 != 0) request.caption = "flights-3m.parquet";
        expect_sound(layout_guides(request),
                     std::to_string(width) + "x" + std::to_string(height) + " " + x.title + "/" + y.title + " ");
      }
    }
  }
}

GuideRequest flights() {
  GuideRequest request;
  request.width = 400;
  request.height = 300;
  request.x = {.domain = integer_domain(0, 4983), .title = "distance", .category = {}};
  request.y = {.domain = integer_domain(-60, 600), .title = "delay", .category = {}};
  request.legend = Legend{.scheme = Scheme::kViridis, .scale = ColorScale::kLog, .largest = 7000};
  request.title = "delay by distance";
  request.subtitle = "flights-3m.parquet · 3,000,000 of 3,000,000 rows, exact";
  return request;
}

// The page parses these bytes; a change here is a change of every picture. Rewrite with SHOAL_UPDATE_GOLDEN=1.
TEST(Guides, DisplayListJsonIsStable) {
  const std::string path = SHOAL_SOURCE_DIR "/src/plot/guides_golden.json";
  const std::string json = display_list_json(layout_guides(flights()).list) + "\n";
  if (std::getenv("SHOAL_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << json;
  std::ostringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(json, golden.str());
}

TEST(Guides, PlotAreaDoesNotDependOnWhatIsCounted) {
  GuideRequest request = flights();
  const PixelRect before = layout_guides(request).plot;
  request.legend->largest = 4e9;
  request.subtitle = "1 of 3,000,000 rows";
  EXPECT_EQ(layout_guides(request).plot, before);
}

TEST(Guides, InvalidTextIsEscaped) {
  GuideRequest request = flights();
  request.title =
      "a\xff\n"
      "b";
  EXPECT_NE(display_list_json(layout_guides(request).list).find(R"(a\\xff\\x0ab)"), std::string::npos);
}

TEST(Guides, ScaleGrowsWithThePicture) {
  EXPECT_EQ(guide_scale(400, 300), 1);
  EXPECT_EQ(guide_scale(1000, 600), 1);
  EXPECT_EQ(guide_scale(3840, 2160), 3);
}

TEST(Text, ShortenedFitsAndKeepsWholeLetters) {
  const std::string text = "Zürich Flughafen 東京";
  for (double width = 0; width < 250; width += 3) {
    const std::string cut = shortened(text, width, 11);
    EXPECT_LE(text_width(cut, 11), width);
    EXPECT_EQ(printable(cut), cut);
  }
}

}  // namespace
}  // namespace shoal::plot
