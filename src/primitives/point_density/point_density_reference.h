// The CPU twin of point_density: sums of f32 in extended precision, which holds 64 bits, those of integers in 128.
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

// The f32 nearest to size / divisor, ties to even: at most 2^96 by less than 2^32.
inline float nearest_quotient(u128 size, u128 divisor) {
  int exponent = 0;
  for (; size >= divisor << 24; divisor <<= 1) ++exponent;
  for (; size != 0 && size < divisor << 23; size <<= 1) --exponent;
  const u128 mantissa = size / divisor, twice_rest = 2 * (size % divisor);
  const bool rounds_up = twice_rest > divisor || (twice_rest == divisor && mantissa % 2 == 1);
  return std::ldexp(static_cast<float>(static_cast<u32>(mantissa) + (rounds_up ? 1u : 0u)), exponent);
}

inline float float_of_bits(u64 bits) { return std::bit_cast<float>(static_cast<u32>(bits)); }

inline i128 integer_of(u64 bits, ElementType type) {
  if (type == ElementType::kI32) return static_cast<i32>(bits);
  return type == ElementType::kI64 ? i128{static_cast<i64>(bits)} : i128{bits};
}

// Of the values of one bin, as bits; `count`: of all points, which decides the units of sums.
inline u64 density_element(const PointDensityOptions& options, std::span<const u64> values, u64 count) {
  using Of = PointDensityOptions::Of;
  constexpr u32 kNan = 0x7fc00000u;
  const bool is_float = options.type == ElementType::kF32, is_mean = options.of == Of::kMeans;
  if (options.of == Of::kSmallest || options.of == Of::kLargest) {
    const bool smallest = options.of == Of::kSmallest;
    u64 best = !smallest ? 0 : is_wide(options.type) ? ~u64{0} : 0xffffffffu;
    // An integer's image is made the same way as the integer of an image.
    u64 key = is_float ? kNan : ordered_image(best, options.type);
    for (const u64 bits : values) {
      const u64 image = ordered_image(bits, options.type);
      if (is_float && std::isnan(float_of_bits(bits))) continue;
      if (smallest ? image > best : image < best) continue;
      best = image;
      key = bits;
    }
    return key;
  }
  if (is_mean && values.empty()) return kNan;
  if (!is_float) {
    i128 whole = 0;
    for (const u64 bits : values) whole += integer_of(bits, options.type);
    if (!is_mean) return static_cast<u64>(whole);
    const float size = nearest_quotient(static_cast<u128>(whole < 0 ? -whole : whole), values.size());
    return std::bit_cast<u32>(whole < 0 ? -size : size);
  }
  long double sum = 0;
  int top = 1;
  float beyond = 0;
  for (const u64 bits : values) {
    const float value = float_of_bits(bits);
    if (!std::isfinite(value)) {
      beyond += value;
    } else {
      top = std::max(top, static_cast<int>((bits >> 23) & 0xffu));
    }
  }
  if (std::isnan(beyond)) return kNan;
  if (beyond != 0) return std::bit_cast<u32>(beyond);
  // What is below a unit is rounded away from 0 from a half on.
  const int unit = top + static_cast<int>(std::bit_width(count - 1)) - 189;
  for (const u64 bits : values) {
    sum += std::round(std::ldexp(static_cast<long double>(float_of_bits(bits)), -unit));
  }
  sum = std::ldexp(sum, unit);
  return std::bit_cast<u32>(static_cast<float>(is_mean ? sum / values.size() : sum) + 0.0f);
}

inline PointDensityPicture point_density_reference(const PointDensity& args, std::span<const float> xs,
                                                   std::span<const float> ys, std::span<const u64> values) {
  std::vector<std::vector<u64>> bins(size_t{args.columns} * args.rows);
  for (size_t i = 0; i < xs.size(); ++i) {
    const u32 column = density_place(xs[i], args.x_low, args.x_high, args.columns);
    const u32 row = density_place(ys[i], args.y_low, args.y_high, args.rows);
    if (column < args.columns && row < args.rows) {
      bins[size_t{row} * args.columns + column].push_back(values.empty() ? 0 : values[i]);
    }
  }
  PointDensityPicture picture;
  for (const std::vector<u64>& bin : bins) {
    picture.counts.push_back(bin.size());
    const bool counts = args.options.of == PointDensityOptions::Of::kCounts;
    picture.result.push_back(counts ? bin.size() : density_element(args.options, bin, xs.size()));
  }
  return picture;
}

}  // namespace shoal::primitives
