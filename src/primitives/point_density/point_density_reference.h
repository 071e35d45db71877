// The CPU twin of point_density: sums of f32 in extended precision, which holds 64 bits.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <vector>

#include "primitives/point_density/point_density.h"
#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {

struct PointDensityPicture {
  std::vector<u64> result;  // elements, two words in one where sums are exact
  std::vector<u64> counts;
};

// The place on an axis, or `places` where there is none.
inline u32 density_place(float at, float low, float high, u32 places) {
  if (std::isnan(at) || at < low || at > high) return places;
  const float scale = static_cast<float>(places) / (high - low);
  const float distance = at - low;
  const float steps = distance * scale;
  return std::min(static_cast<u32>(steps), places - 1);
}

// Of the values of one bin, as bits; `count`: of all points, which decides the units of sums.
inline u64 density_element(const PointDensityOptions& options, std::span<const u32> values, u64 count) {
  using Of = PointDensityOptions::Of;
  constexpr u32 kNan = 0x7fc00000u;
  const bool is_float = options.type == ElementType::kF32, is_mean = options.of == Of::kMeans;
  if (options.of == Of::kSmallest || options.of == Of::kLargest) {
    const bool smallest = options.of == Of::kSmallest;
    const u64 extreme = smallest ? 0xffffffffu : 0;
    u64 best = extreme, key = is_float ? kNan : extreme ^ (options.type == ElementType::kI32 ? 0x80000000u : 0u);
    for (const u32 bits : values) {
      const u64 image = ordered_image(bits, options.type);
      if (is_float && std::isnan(std::bit_cast<float>(bits))) continue;
      if (smallest ? image > best : image < best) continue;
      best = image;
      key = bits;
    }
    return key;
  }
  if (is_mean && values.empty()) return kNan;
  long double sum = 0;
  i64 whole = 0;
  int top = 1;
  float beyond = 0;
  for (const u32 bits : values) {
    const float value = std::bit_cast<float>(bits);
    if (!is_float) {
      whole += options.type == ElementType::kI32 ? i64{static_cast<i32>(bits)} : i64{bits};
    } else if (!std::isfinite(value)) {
      beyond += value;
    } else {
      top = std::max(top, static_cast<int>((bits >> 23) & 0xffu));
    }
  }
  if (!is_float) {
    if (!is_mean) return static_cast<u64>(whole);
    return std::bit_cast<u32>(static_cast<float>(static_cast<long double>(whole) / values.size()));
  }
  if (std::isnan(beyond)) return kNan;
  if (beyond != 0) return std::bit_cast<u32>(beyond);
  // What is below a unit is rounded away from 0 from a half on.
  const int unit = top + static_cast<int>(std::bit_width(count - 1)) - 189;
  for (const u32 bits : values) {
    sum += std::round(std::ldexp(static_cast<long double>(std::bit_cast<float>(bits)), -unit));
  }
  sum = std::ldexp(sum, unit);
  return std::bit_cast<u32>(static_cast<float>(is_mean ? sum / values.size() : sum) + 0.0f);
}

inline PointDensityPicture point_density_reference(const PointDensity& args, std::span<const float> xs,
                                                   std::span<const float> ys, std::span<const u32> values) {
  std::vector<std::vector<u32>> bins(size_t{args.columns} * args.rows);
  for (size_t i = 0; i < xs.size(); ++i) {
    const u32 column = density_place(xs[i], args.x_low, args.x_high, args.columns);
    const u32 row = density_place(ys[i], args.y_low, args.y_high, args.rows);
    if (column < args.columns && row < args.rows) {
      bins[size_t{row} * args.columns + column].push_back(values.empty() ? 0 : values[i]);
    }
  }
  PointDensityPicture picture;
  for (const std::vector<u32>& bin : bins) {
    picture.counts.push_back(bin.size());
    const bool counts = args.options.of == PointDensityOptions::Of::kCounts;
    picture.result.push_back(counts ? bin.size() : density_element(args.options, bin, xs.size()));
  }
  return picture;
}

}  // namespace shoal::primitives
