// Draws a display list and the picture inside it with Cairo: PNG, SVG, PDF. Native only.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/int.h"
#include "base/result.h"
#include "plot/display_list.h"

namespace shoal::plot {

// What the GPU shaded: rows of RGBA bytes as words R | G << 8 | B << 16 | A << 24, without padding. Pixels are
// opaque or 0; they are copied one to one into the display list's ImageItem, which is as large.
struct ShadedImage {
  std::span<const u32> pixels;
  u32 width = 0, height = 0;
};

enum class PictureFormat : u8 { kPng, kSvg, kPdf };

// By the ending of `path`. Errors: kInvalidArgument for any other than .png, .svg, .pdf.
Result<PictureFormat> picture_format(const std::string& path);

// The bytes of the file. Errors: kInvalidArgument when the image is not as large as its place or the picture larger
// than Cairo can draw, kOutOfMemory.
Result<std::vector<u8>> paint(const DisplayList& list, const ShadedImage& image, PictureFormat format);

}  // namespace shoal::plot
