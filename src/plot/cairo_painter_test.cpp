#include "plot/cairo_painter.h"

#include <cairo.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/write_file.h"
#include "plot/guides.h"

namespace shoal::plot {
namespace {

namespace fs = std::filesystem;

GuideRequest request_of(u32 width, u32 height) {
  GuideRequest request;
  request.width = width;
  request.height = height;
  request.x = {.domain = integer_domain(0, 4983), .title = "distance", .category = {}};
  request.y = {.domain = integer_domain(-60, 600), .title = "delay 東京", .category = {}};
  request.legend = Legend{.largest = 100};
  request.title = "delay by distance";
  return request;
}

std::vector<u32> noise(const PixelRect& plot) {
  std::vector<u32> pixels(size_t{plot.width} * plot.height);
  u32 state = 1;
  for (u32& pixel : pixels) {
    state = state * 1664525u + 1013904223u;
    pixel = state >> 8 | 0xff000000u;
  }
  return pixels;
}

struct Reader {
  std::span<const u8> rest;
};
cairo_status_t read_bytes(void* closure, unsigned char* data, unsigned int size) {
  auto& reader = *static_cast<Reader*>(closure);
  if (reader.rest.size() < size) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(data, reader.rest.data(), size);
  reader.rest = reader.rest.subspan(size);
  return CAIRO_STATUS_SUCCESS;
}

TEST(CairoPainter, PngDecodesToTheSizeWithTheImageUntouched) {
  constexpr u32 kSizes[][2] = {{1, 1}, {40, 30}, {401, 299}, {1000, 600}};
  for (const auto& [width, height] : kSizes) {
    const GuideLayout layout = layout_guides(request_of(width, height));
    const std::vector<u32> pixels = noise(layout.plot);
    const auto png = paint(layout.list, {pixels, layout.plot.width, layout.plot.height}, PictureFormat::kPng);
    ASSERT_TRUE(png) << png.error().message();
    Reader reader{*png};
    cairo_surface_t* decoded = cairo_image_surface_create_from_png_stream(read_bytes, &reader);
    ASSERT_EQ(cairo_surface_status(decoded), CAIRO_STATUS_SUCCESS);
    ASSERT_EQ(cairo_image_surface_get_width(decoded), static_cast<int>(width));
    ASSERT_EQ(cairo_image_surface_get_height(decoded), static_cast<int>(height));
    const size_t stride = static_cast<size_t>(cairo_image_surface_get_stride(decoded));
    const unsigned char* data = cairo_image_surface_get_data(decoded);
    size_t wrong = 0;
    for (size_t y = 0; y < layout.plot.height; ++y) {
      for (size_t x = 0; x < layout.plot.width; ++x) {
        u32 word = 0;
        std::memcpy(&word, data + (layout.plot.y + y) * stride + (layout.plot.x + x) * 4, 4);
        const u32 pixel = pixels[y * layout.plot.width + x];
        const u32 exchanged = (pixel & 0xff00u) | (pixel & 255u) << 16 | ((pixel >> 16) & 255u);
        wrong += (word & 0xffffffu) != exchanged;
      }
    }
    EXPECT_EQ(wrong, 0u) << width << "x" << height;
    cairo_surface_destroy(decoded);
  }
}

TEST(CairoPainter, DrawsSvgAndPdf) {
  const GuideLayout layout = layout_guides(request_of(400, 300));
  const std::vector<u32> pixels = noise(layout.plot);
  const ShadedImage image = {pixels, layout.plot.width, layout.plot.height};
  const auto svg = paint(layout.list, image, PictureFormat::kSvg);
  ASSERT_TRUE(svg);
  EXPECT_NE(std::string(svg->begin(), svg->end()).find("</svg>"), std::string::npos);
  const auto pdf = paint(layout.list, image, PictureFormat::kPdf);
  ASSERT_TRUE(pdf);
  EXPECT_EQ(std::string(pdf->begin(), pdf->begin() + 5), "%PDF-");
}

TEST(CairoPainter, RefusesAnImageOfAnotherSize) {
  const GuideLayout layout = layout_guides(request_of(400, 300));
  const std::vector<u32> pixels(12);
  const auto painted = paint(layout.list, {pixels, 4, 3}, PictureFormat::kPng);
  ASSERT_FALSE(painted);
  EXPECT_EQ(painted.error().code, ErrorCode::kInvalidArgument);
}

TEST(CairoPainter, KnowsFormatsByTheirEnding) {
  EXPECT_EQ(*picture_format("out/a.png"), PictureFormat::kPng);
  EXPECT_EQ(*picture_format("a.b.svg"), PictureFormat::kSvg);
  EXPECT_FALSE(picture_format("folder.png/a"));
  EXPECT_FALSE(picture_format("a.gif"));
}

class WriteFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("shoal_plot_" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  size_t files() const { return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {})); }

  fs::path folder_;
  std::vector<u8> bytes_ = {1, 2, 3};
};

TEST_F(WriteFile, ReplacesAWholeFileAndLeavesNothingBeside) {
  const std::string path = folder_ / "a.png";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(write_file(path, bytes_));
    EXPECT_EQ(fs::file_size(path), 3u);
    EXPECT_EQ(files(), 1u);
  }
}

TEST_F(WriteFile, SaysWhatToDoAboutAMissingFolderAndAFolder) {
  const auto missing = write_file(folder_ / "no" / "a.png", bytes_);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kIo);
  EXPECT_NE(missing.error().message().find("Create its folder first"), std::string::npos);
  const auto is_folder = write_file(folder_, bytes_);
  ASSERT_FALSE(is_folder);
  EXPECT_NE(is_folder.error().message().find("not of a folder"), std::string::npos);
  EXPECT_EQ(files(), 0u);
}

TEST_F(WriteFile, SurvivesAFolderThatIsUnlinkedMeanwhile) {
  const fs::path before = fs::current_path();
  const fs::path gone = folder_ / "gone";
  fs::create_directory(gone);
  fs::current_path(gone);
  fs::remove(gone);
  const auto written = write_file("a.png", bytes_);
  fs::current_path(before);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
}

TEST_F(WriteFile, WritesToWhatIsNoFile) {
  EXPECT_TRUE(write_file("/dev/null", bytes_));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const auto full = write_file("/dev/full", bytes_);
  ASSERT_FALSE(full);
  EXPECT_NE(full.error().message().find("Free some space"), std::string::npos);
}

TEST_F(WriteFile, FollowsALink) {
  std::ofstream(folder_ / "target") << "old";
  fs::create_symlink("target", folder_ / "link");
  ASSERT_TRUE(write_file(folder_ / "link", bytes_));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(fs::file_size(folder_ / "target"), 3u);
}

}  // namespace
}  // namespace shoal::plot
