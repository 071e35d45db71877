#include "plot/text_metrics.h"

#include <array>

#include <fmt/format.h>

#include "base/int.h"

namespace shoal::plot {
namespace {

// Advances of U+0020 to U+007E in thousandths of the font size.
using Advances = std::array<u16, 95>;
constexpr Advances kRegular = {278,  278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
                               556,  556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
                               1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
                               667,  778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
                               333,  556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
                               556,  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584};
constexpr Advances kBold = {278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
                            556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
                            975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
                            667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
                            333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
                            611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584};

constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

struct CodePoint {
  u32 value = 0;
  size_t bytes = 0;  // 0: the bytes at hand are not UTF-8
};

CodePoint decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<u32>(static_cast<unsigned char>(text[i])); };
  const u32 lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  u32 value = lead & (0x7fu >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<u32, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[bytes] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
  return {value, bytes};
}

// Controls, line and paragraph separators, marks that turn the direction of what follows, non-characters.
bool is_printable(u32 value) {
  if (value < 0x20 || (value >= 0x7f && value < 0xa0)) return false;
  if (value >= 0x2028 && value <= 0x202e) return false;
  if (value >= 0x2066 && value <= 0x2069) return false;
  return (value & 0xfffe) != 0xfffe && value != 0xfeff;
}

double advance(u32 value, bool bold) {
  if (value >= 0x20 && value < 0x7f) return (bold ? kBold : kRegular)[value - 0x20] / 1000.0;
  switch (value) {
    case 0xb7: return 0.278;  // middle dot
    case 0xd7:
    case 0x2212: return 0.584;  // multiplication sign, minus
    case 0x2190:
    case 0x2192:
    case 0x2026: return 1.0;  // arrows, ellipsis
    case 0x2191:
    case 0x2193: return 0.5;
    default: break;
  }
  if ((value >= 0x300 && value < 0x370) || value == 0x200b || value == 0x200d ||
      (value >= 0xfe00 && value < 0xfe10))
    return 0;
  // Chinese, Japanese, Korean, emoji are square; Latin, Greek, Cyrillic letters average 0.57 to 0.66.
  return value >= 0x1100 ? 1.0 : bold ? 0.67 : 0.63;
}

}  // namespace

double text_width(std::string_view text, double size_px, bool bold) {
  double width = 0;
  while (!text.empty()) {
    const CodePoint point = decode(text);
    width += point.bytes == 0 ? 1.0 : advance(point.value, bold);
    text.remove_prefix(point.bytes == 0 ? 1 : point.bytes);
  }
  return width * size_px;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const CodePoint point = decode(text);
    const size_t bytes = point.bytes == 0 ? 1 : point.bytes;
    if (point.bytes != 0 && is_printable(point.value)) {
      result += text.substr(0, bytes);
    } else {
      for (const char c : text.substr(0, bytes)) result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(bytes);
  }
  return result;
}

std::string shortened(std::string_view text, double width_px, double size_px, bool bold) {
  if (text_width(text, size_px, bold) <= width_px) return std::string(text);
  double left = width_px - text_width(kEllipsis, size_px, bold);
  size_t kept = 0;
  while (kept < text.size()) {
    const CodePoint point = decode(text.substr(kept));
    left -= (point.bytes == 0 ? 1.0 : advance(point.value, bold)) * size_px;
    if (left < 0) break;
    kept += point.bytes == 0 ? 1 : point.bytes;
  }
  while (kept > 0 && text[kept - 1] == ' ') --kept;
  if (kept == 0) return {};
  return std::string(text.substr(0, kept)) + std::string(kEllipsis);
}

}  // namespace shoal::plot
