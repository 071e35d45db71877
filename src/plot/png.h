// Writes PNG files: 8-bit RGB, one pass, fast rather than small.
#pragma once

#include <span>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::plot {

// `pixels`: width x height words of which the low three bytes are blue, green, red (Cairo's RGB24), rows
// `stride_words` apart. Errors: kOutOfMemory.
Result<std::vector<u8>> encode_png(std::span<const u32> pixels, u32 width, u32 height, u32 stride_words);

}  // namespace shoal::plot
