#include "plot/color.h"

#include <vector>

#include "base/text.h"
#include "plot/scheme_tables.h"

namespace shoal::plot {
namespace {

constexpr std::array<std::string_view, 4> kSchemeNames = {"viridis", "magma", "inferno", "cividis"};
constexpr std::array<std::string_view, 3> kScaleNames = {"linear", "log", "cbrt"};

std::span<const u32> colors_of(Scheme scheme) {
  switch (scheme) {
    case Scheme::kViridis: return kViridis;
    case Scheme::kMagma: return kMagma;
    case Scheme::kInferno: return kInferno;
    case Scheme::kCividis: return kCividis;
  }
  return kViridis;
}

// The index of `name` in `names`, or an error that says what there is.
Result<size_t> index_of_name(std::string_view what, std::string_view name,
                             std::span<const std::string_view> names) {
  std::string listed;
  std::vector<std::string> candidates;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
    listed += fmt::format("{}{}", i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i]);
    candidates.emplace_back(names[i]);
  }
  return fail(ErrorCode::kInvalidArgument, "There is no {} {}: there are {}.{}", what, quote(name), listed,
              did_you_mean(name, candidates));
}

}  // namespace

std::string css_color(Rgba color) {
  std::string text = fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
  if (color.alpha != 255) text += fmt::format("{:02x}", color.alpha);
  return text;
}

std::string_view scheme_name(Scheme scheme) { return kSchemeNames[static_cast<size_t>(scheme)]; }
std::string_view color_scale_name(ColorScale scale) { return kScaleNames[static_cast<size_t>(scale)]; }

Result<Scheme> parse_scheme(std::string_view name) {
  SHOAL_TRY_SET(const size_t index, index_of_name("colour scheme", name, kSchemeNames));
  return static_cast<Scheme>(index);
}
Result<ColorScale> parse_color_scale(std::string_view name) {
  SHOAL_TRY_SET(const size_t index, index_of_name("colour scale", name, kScaleNames));
  return static_cast<ColorScale>(index);
}

ColorTable color_table(Scheme scheme, bool is_dark) {
  // The share of the scheme nearest the background that is not used: black for the dark theme (magma and inferno
  // start at black), light yellow for the light one.
  const bool starts_black = scheme == Scheme::kMagma || scheme == Scheme::kInferno;
  const float cut = is_dark ? (starts_black ? 0.22f : 0.06f) : 0.12f;
  const std::span<const u32> colors = colors_of(scheme);
  ColorTable table{};
  for (u32 i = 0; i < kColorTableSize; ++i) {
    const float along = cut + (1.0f - cut) * static_cast<float>(i) / static_cast<float>(kColorTableSize - 1);
    const float place = (is_dark ? along : 1.0f - along) * static_cast<float>(kColorTableSize - 1);
    const u32 below = static_cast<u32>(place);
    const u32 above = below + 1 < kColorTableSize ? below + 1 : below;
    const float part = place - static_cast<float>(below);
    u32 pixel = 0xff000000u;
    for (u32 channel = 0; channel < 3; ++channel) {
      const u32 from = 16 - 8 * channel;
      const float a = static_cast<float>((colors[below] >> from) & 255u);
      const float b = static_cast<float>((colors[above] >> from) & 255u);
      pixel |= static_cast<u32>(a + (b - a) * part + 0.5f) << (8 * channel);
    }
    table[i] = pixel;
  }
  return table;
}

}  // namespace shoal::plot
