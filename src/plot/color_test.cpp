#include "plot/color.h"

#include <gtest/gtest.h>

#include <cmath>

namespace shoal::plot {
namespace {

TEST(Color, NoRowsAreTransparentAndTheMostAreTheTablesLast) {
  for (const bool is_dark : {false, true}) {
    const ColorTable table = color_table(Scheme::kViridis, is_dark);
    for (const ColorScale scale : {ColorScale::kLinear, ColorScale::kLog, ColorScale::kCubeRoot}) {
      EXPECT_EQ(shade(table, scale, 0, 100), 0u);
      EXPECT_EQ(shade(table, scale, std::nanf(""), 100), 0u);
      EXPECT_EQ(shade(table, scale, 100, 100), table[255]);
      EXPECT_EQ(shade(table, scale, 200, 100), table[255]);
      EXPECT_EQ(shade(table, scale, 1e-9f, 100) >> 24, 255u);
    }
  }
}

TEST(Color, PositionsGrowWithTheValue) {
  for (const ColorScale scale : {ColorScale::kLinear, ColorScale::kLog, ColorScale::kCubeRoot}) {
    float last = 0;
    for (float value = 1; value <= 4e9f; value *= 1.5f) {
      const float position = color_position(scale, value, 4e9f);
      EXPECT_GT(position, last);
      EXPECT_LE(position, 1.0f);
      last = position;
    }
  }
}

// What the interpolation is for: an error of a few ulps in a GPU's log2 moves no channel by more than one.
TEST(Color, AFewUlpsMoveNoChannelByMoreThanOne) {
  for (const Scheme scheme : {Scheme::kViridis, Scheme::kMagma, Scheme::kInferno, Scheme::kCividis}) {
    const ColorTable table = color_table(scheme, true);
    for (u32 count = 1; count < 5000; ++count) {
      const float value = static_cast<float>(count);
      const Rgba here = rgba_of_pixel(shade(table, ColorScale::kLinear, value, 5000));
      const Rgba near = rgba_of_pixel(shade(table, ColorScale::kLinear, value * (1 + 1e-6f), 5000));
      EXPECT_LE(std::abs(here.red - near.red), 1);
      EXPECT_LE(std::abs(here.green - near.green), 1);
      EXPECT_LE(std::abs(here.blue - near.blue), 1);
    }
  }
}

TEST(Color, NamesAreKnownOrRefusedWithTheNearest) {
  EXPECT_EQ(*parse_scheme("magma"), Scheme::kMagma);
  EXPECT_EQ(*parse_color_scale("cbrt"), ColorScale::kCubeRoot);
  EXPECT_EQ(parse_scheme("virdis").error().message(),
            "There is no colour scheme 'virdis': there are viridis, magma, inferno and cividis. Did you mean "
            "'viridis'?");
}

}  // namespace
}  // namespace shoal::plot
