// Whether quantiles are such.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "primitives/quantiles/quantiles.h"

namespace shoal::primitives {

inline bool are_shares(std::span<const Quantile> quantiles) {
  return std::ranges::all_of(quantiles, [](const Quantile& quantile) {
    return quantile.denominator != 0 && quantile.denominator < 0x80000000u &&
           quantile.numerator <= quantile.denominator;
  });
}

inline constexpr std::string_view kAreNoShares =
    "`quantiles` has one that is no share from 0 to 1, or whose denominator is 2^31 or more. Give it a numerator "
    "not "
    "above the denominator.";

}  // namespace shoal::primitives
