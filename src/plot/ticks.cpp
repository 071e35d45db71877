#include "plot/ticks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "plot/calendar.h"
#include "plot/format.h"

namespace shoal::plot {
namespace {

constexpr int kMantissas[] = {1, 2, 5};

// The double nearest to digits x 10^exponent. strtod rounds correctly; repeated multiplication would not.
double decimal_value(i64 digits, int exponent) {
  return std::strtod(fmt::format("{}e{}", digits, exponent).c_str(), nullptr);
}

void label_numbers(Ticks& ticks, std::span<const i128> digits, int exponent) {
  NumberLabels numbers = format_numbers(digits, exponent);
  for (size_t i = 0; i < ticks.ticks.size(); ++i) ticks.ticks[i].label = std::move(numbers.labels[i]);
  ticks.offset = std::move(numbers.offset);
}

Ticks integer_ticks(const Domain& domain, u32 most) {
  const i128 last = domain.high - static_cast<i128>(domain.step);
  int exponent = 0;
  for (i128 power = 1;; power *= 10, ++exponent) {
    for (const int mantissa : kMantissas) {
      // Between the values of a column with a divisor there is nothing to mark.
      const i128 step = power * mantissa;
      if (step < static_cast<i128>(domain.step) && domain.step > 1) continue;
      const i128 first_multiple = -floor_divide(-domain.low, step);
      const i128 last_multiple = floor_divide(last, step);
      if (last_multiple - first_multiple >= static_cast<i128>(most)) continue;
      Ticks ticks;
      std::vector<i128> digits;
      for (i128 k = first_multiple; k <= last_multiple; ++k) {
        ticks.ticks.push_back({.position = position_of(domain, k * step), .label = {}, .context = {}});
        digits.push_back(k * mantissa);
      }
      label_numbers(ticks, digits, exponent);
      return ticks;
    }
  }
}

Ticks float_ticks(const Domain& domain, u32 most) {
  const double low = domain.float_low;
  const double high = domain.float_high;
  // One below the order of the step looked for, so that a libm that rounds log10 otherwise changes nothing.
  int exponent = static_cast<int>(std::floor(std::log10((high - low) / most))) - 1;
  for (;; ++exponent) {
    for (const int mantissa : kMantissas) {
      const double step = decimal_value(mantissa, exponent);
      if ((high - low) / step > static_cast<double>(most) + 1) continue;
      // The quotient may be off by one either way: start before it and let the values decide.
      std::vector<i128> digits;
      Ticks ticks;
      const i64 start = static_cast<i64>(std::floor(low / step)) - 1;
      for (i64 k = start; digits.size() <= most; ++k) {
        const double value = decimal_value(k * mantissa, exponent);
        if (value >= high) break;
        if (value < low) continue;
        ticks.ticks.push_back({.position = position_of(domain, value), .label = {}, .context = {}});
        digits.push_back(static_cast<i128>(k) * mantissa);
      }
      if (digits.size() > most) continue;
      label_numbers(ticks, digits, exponent);
      return ticks;
    }
  }
}

Ticks category_ticks(const Domain& domain, u32 most, const CategoryLabel& category) {
  const u128 codes = static_cast<u128>(domain.high - domain.low);
  u128 step = 1;
  for (u128 power = 1; divide_round_up<u128>(codes, step) > most; power *= 10) {
    for (const int mantissa : kMantissas) {
      step = power * static_cast<u128>(mantissa);
      if (divide_round_up<u128>(codes, step) <= most) break;
    }
  }
  Ticks ticks;
  for (i128 code = domain.low; code < domain.high; code += static_cast<i128>(step)) {
    const u64 named = static_cast<u64>(code);
    ticks.ticks.push_back({.position = position_of(domain, code),
                           .label = category ? category(named) : std::to_string(named),
                           .context = {}});
  }
  return ticks;
}

}  // namespace

void thin(std::vector<Tick>& ticks, u32 most) {
  const size_t every = most == 0 ? ticks.size() + 1 : divide_round_up<size_t>(ticks.size(), most);
  if (every <= 1) return;
  std::vector<Tick> kept;
  for (size_t i = every / 2; i < ticks.size(); i += every) kept.push_back(std::move(ticks[i]));
  ticks = std::move(kept);
}

Ticks axis_ticks(const Domain& domain, u32 most, const CategoryLabel& category) {
  if (most == 0) return {};
  switch (domain.kind) {
    case DomainKind::kFloat: return float_ticks(domain, most);
    case DomainKind::kInteger: return integer_ticks(domain, most);
    case DomainKind::kTime: return time_ticks(domain, most);
    case DomainKind::kCategory: return category_ticks(domain, most, category);
  }
  return {};
}

}  // namespace shoal::plot
