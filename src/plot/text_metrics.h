// How wide text is, from a small table rather than from a font: native and page lay out the same guides, and
// whoever draws a text squeezes it into the width it was given where the font at hand is wider.
#pragma once

#include <string>
#include <string_view>

namespace shoal::plot {

// Of Liberation Sans, whose metrics are Arial's: parts of the font size above and below the baseline.
constexpr double kAscent = 0.74;  // the tallest letters without accents
constexpr double kDescent = 0.21;
constexpr double kDigitHeight = 0.69;  // capitals, too

// `text` is valid UTF-8.
double text_width(std::string_view text, double size_px, bool bold = false);

// Valid UTF-8 without control characters: bytes that are neither become \xNN.
std::string printable(std::string_view text);

// `text`, or its beginning and "…", no wider than `width_px`; "" when not even one character fits.
std::string shortened(std::string_view text, double width_px, double size_px, bool bold = false);

}  // namespace shoal::plot
