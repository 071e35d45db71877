#include "plot/scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plot/calendar.h"

namespace shoal::plot {
namespace {

// Half of the finite doubles: widths and sums of two bounds stay finite.
constexpr double kLargestFloat = std::numeric_limits<double>::max() / 4;
// Below this, widths of a domain would be denormal and steps between ticks would lose their digits.
constexpr double kSmallestWidth = 1e-290;
constexpr double kFewUlps = 16;
// 385 billion years: beyond any 64-bit count of seconds, well within what the calendar computes in 64 bits.
constexpr i128 kFurthestDay = i128{1} << 47;

double finite(double value) {
  if (std::isnan(value)) return 0;
  return std::clamp(value, -kLargestFloat, kLargestFloat);
}

double smallest_width(double low, double high) {
  const double magnitude = std::max(std::fabs(low), std::fabs(high));
  return std::max(magnitude * std::numeric_limits<double>::epsilon() * kFewUlps, kSmallestWidth);
}

// `width` wide from `low` on, moved so that it lies inside `limits`; all of `limits` when it is as wide.
Domain float_window(Domain domain, double low, double width, const Domain& limits) {
  if (!(width < limits.float_high - limits.float_low)) {
    domain.float_low = limits.float_low;
    domain.float_high = limits.float_high;
    return domain;
  }
  low = std::clamp(low, limits.float_low, limits.float_high - width);
  domain.float_low = low;
  domain.float_high = std::min(low + width, limits.float_high);
  return domain;
}

Domain band_window(Domain domain, i128 low, i128 width, const Domain& limits) {
  width = std::min(width, limits.high - limits.low);
  domain.low = std::clamp(low, limits.low, limits.high - width);
  domain.high = domain.low + width;
  return domain;
}

// Rounded to whole bands. No domain is wider than 2^65, so the clamp changes no result that could be shown; it
// keeps every product far inside 128 bits.
i128 whole_bands(double width, u64 step) {
  const double bands = std::round(std::clamp(width, -0x1p66, 0x1p66) / static_cast<double>(step));
  return static_cast<i128>(bands) * static_cast<i128>(step);
}

}  // namespace

Domain float_domain(double min, double max) {
  min = finite(min);
  max = finite(max);
  if (max < min) std::swap(min, max);
  if (min == max) {
    const double room = min == 0 ? 0.5 : std::max(std::fabs(min) * 0.05, kSmallestWidth);
    min -= room;
    max += room;
  }
  // The largest value lies inside the half-open interval, if only just.
  max = std::nextafter(max, std::numeric_limits<double>::infinity());
  if (const double narrowest = smallest_width(min, max); max - min < narrowest) {
    const double middle = min + (max - min) / 2;
    min = middle - narrowest;
    max = middle + narrowest;
  }
  return {.kind = DomainKind::kFloat, .float_low = min, .float_high = max};
}

Domain integer_domain(i128 min, i128 max, u64 step) {
  if (max < min) std::swap(min, max);
  step = std::max<u64>(step, 1);
  const i128 bands = (max - min) / static_cast<i128>(step) + 1;
  return {.kind = DomainKind::kInteger, .low = min, .high = min + bands * static_cast<i128>(step), .step = step};
}

Domain time_domain(i128 min, i128 max, u64 units_per_day, u64 step) {
  units_per_day = std::max<u64>(units_per_day, 1);
  const i128 furthest = kFurthestDay * static_cast<i128>(units_per_day);
  Domain domain = integer_domain(std::clamp(min, -furthest, furthest), std::clamp(max, -furthest, furthest), step);
  domain.kind = DomainKind::kTime;
  domain.units_per_day = units_per_day;
  return domain;
}

Domain category_domain(u64 codes) {
  return {.kind = DomainKind::kCategory, .low = 0, .high = static_cast<i128>(std::max<u64>(codes, 1)), .step = 1};
}

Domain domain_of_column(const table::CodeSpace& space) {
  const bool is_empty = space.first_code > space.last_code;
  switch (space.type.kind) {
    case table::TypeKind::kFloat:
      if (space.first_finite_code > space.last_finite_code) return float_domain(0, 1);
      return float_domain(table::float_of_code(space, space.first_finite_code),
                          table::float_of_code(space, space.last_finite_code));
    case table::TypeKind::kString:
      return category_domain(space.dictionary != nullptr ? space.dictionary->size() : 0);
    case table::TypeKind::kBoolean: return category_domain(2);
    default: break;
  }
  const i128 min = is_empty ? 0 : table::integer_of_code(space, space.first_code);
  const i128 max = is_empty ? 0 : table::integer_of_code(space, space.last_code);
  const u64 step = is_empty ? 1 : space.divisor;
  if (space.type.kind == table::TypeKind::kDate) return time_domain(min, max, 1, step);
  if (space.type.kind == table::TypeKind::kTimestamp) {
    return time_domain(min, max, table::ticks_per_second(space.type.unit) * 86'400, step);
  }
  return integer_domain(min, max, step);
}

u128 band_count(const Domain& domain) {
  if (domain.kind == DomainKind::kFloat) return 0;
  return static_cast<u128>((domain.high - domain.low) / static_cast<i128>(domain.step));
}

double position_of(const Domain& domain, double value) {
  return (value - domain.float_low) / (domain.float_high - domain.float_low);
}

double position_of(const Domain& domain, i128 value) {
  // Differences are exact; only the quotient is rounded.
  const double along = static_cast<double>(value - domain.low) + static_cast<double>(domain.step) / 2;
  return along / static_cast<double>(domain.high - domain.low);
}

Domain zoom(const Domain& domain, double position, double factor, const Domain& limits) {
  if (!(factor > 0) || !std::isfinite(factor)) return domain;
  position = std::isnan(position) ? 0.5 : std::clamp(position, 0.0, 1.0);
  if (domain.kind == DomainKind::kFloat) {
    const double old_width = domain.float_high - domain.float_low;
    const double width = std::max(old_width * factor, smallest_width(domain.float_low, domain.float_high));
    if (!std::isfinite(width)) return float_window(domain, limits.float_low, width, limits);
    return float_window(domain, domain.float_low + (old_width - width) * position, width, limits);
  }
  const i128 old_width = domain.high - domain.low;
  const i128 step = static_cast<i128>(domain.step);
  i128 width = whole_bands(static_cast<double>(old_width) * factor, domain.step);
  // A turn of the wheel always does something, however few bands are left.
  if (factor < 1 && width >= old_width) width = old_width - step;
  if (factor > 1 && width <= old_width) width = old_width + step;
  width = std::clamp(width, step, limits.high - limits.low);
  const i128 shift = whole_bands(static_cast<double>(old_width - width) * position, domain.step);
  return band_window(domain, domain.low + shift, width, limits);
}

Domain pan(const Domain& domain, double share, const Domain& limits) {
  if (!std::isfinite(share)) return domain;
  if (domain.kind == DomainKind::kFloat) {
    const double width = domain.float_high - domain.float_low;
    const double low = std::clamp(domain.float_low + width * share, -kLargestFloat, kLargestFloat);
    return float_window(domain, low, width, limits);
  }
  const i128 width = domain.high - domain.low;
  return band_window(domain, domain.low + whole_bands(static_cast<double>(width) * share, domain.step), width,
                     limits);
}

}  // namespace shoal::plot
