#include "plot/format.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "plot/calendar.h"

namespace shoal::plot {
namespace {

constexpr std::string_view kPrefixes[] = {"", "k", "M", "G", "T", "P", "E"};
constexpr int kMostPrefixDecimals = 3;   // 1.234M is shorter than 1,234,000; 1.2345M is not
constexpr int kMostPlainDigits = 7;      // of the larger number, before an offset is taken out
constexpr int kSmallestPlainOrder = -4;  // 0.0001
constexpr int kLargestPlainOrder = 4;    // 99,999

u128 magnitude(i128 value) { return value < 0 ? -static_cast<u128>(value) : static_cast<u128>(value); }

int count_digits(u128 value) {
  int digits = 1;
  for (; value >= 10; value /= 10) ++digits;
  return digits;
}

// What is left of a common factor of ten is never shown.
void strip_zeros(std::vector<i128>& digits, int& exponent) {
  if (std::ranges::all_of(digits, [](i128 d) { return d == 0; })) {
    exponent = 0;
    return;
  }
  while (std::ranges::all_of(digits, [](i128 d) { return d % 10 == 0; })) {
    for (i128& d : digits) d /= 10;
    ++exponent;
  }
}

i128 power_of_ten(int exponent) {
  i128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::string format_plain(i128 digits, int exponent, bool grouped) {
  if (exponent > 0) return format_fixed(digits * power_of_ten(exponent), 0, grouped);
  return format_fixed(digits, -exponent, grouped);
}

// digits x 10^exponent, every label with the decimals that the finest needs and one prefix.
std::vector<std::string> format_related(std::vector<i128> digits, int exponent) {
  strip_zeros(digits, exponent);
  u128 largest = 0;
  for (const i128 d : digits) largest = std::max(largest, magnitude(d));
  const int significant = count_digits(largest);
  const int order = largest == 0 ? 0 : significant - 1 + exponent;
  const int prefix = std::clamp(order / 3, 0, 6);
  const int prefix_decimals = std::max(0, 3 * prefix - exponent);
  std::vector<std::string> labels;
  for (const i128 d : digits) {
    if (d == 0) {
      labels.emplace_back("0");
    } else if (order > kLargestPlainOrder && order < 21 && prefix_decimals <= kMostPrefixDecimals) {
      labels.push_back(format_plain(d, exponent - 3 * prefix, false) + std::string(kPrefixes[prefix]));
    } else if (order >= kSmallestPlainOrder && order < 21) {
      labels.push_back(format_plain(d, exponent, order >= kLargestPlainOrder));
    } else {
      const std::string power = fmt::format("e{}{}", order < 0 ? kMinus : "", order < 0 ? -order : order);
      labels.push_back(format_fixed(d, significant - 1, false) + power);
    }
  }
  return labels;
}

}  // namespace

std::string format_fixed(i128 digits, int decimals, bool grouped) {
  std::string reversed;
  u128 rest = magnitude(digits);
  for (int place = 0; rest != 0 || place <= decimals; ++place) {
    if (place == decimals && decimals > 0) reversed += '.';
    if (grouped && place > decimals && (place - decimals) % 3 == 0) reversed += ',';
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  std::ranges::reverse(reversed);
  return digits < 0 ? std::string(kMinus) + reversed : reversed;
}

NumberLabels format_numbers(std::span<const i128> digits, int exponent) {
  std::vector<i128> values(digits.begin(), digits.end());
  if (values.empty()) return {};
  strip_zeros(values, exponent);
  const auto [min, max] = std::ranges::minmax(values);
  const int significant = count_digits(std::max(magnitude(min), magnitude(max)));
  const u128 span = static_cast<u128>(max - min);
  // An offset pays when it takes at least half of the digits away; it is round to the next power of ten above
  // the span, so it stays the same while the axis is panned a little.
  if (significant > kMostPlainDigits && values.size() > 1 && 2 * count_digits(span) <= significant) {
    const i128 round = power_of_ten(count_digits(span));
    const i128 base = floor_divide(min, round) * round;
    for (i128& value : values) value -= base;
    NumberLabels labels{format_related(std::move(values), exponent), {}};
    labels.offset = format_related({base}, exponent)[0];
    return labels;
  }
  return {format_related(std::move(values), exponent), {}};
}

std::string format_si(i128 digits, int exponent) {
  std::vector<i128> value = {digits};
  strip_zeros(value, exponent);
  const int order = count_digits(magnitude(value[0])) - 1 + exponent;
  if (order < 3 || order >= 21) return format_related(value, exponent)[0];
  const int prefix = order / 3;
  return format_plain(value[0], exponent - 3 * prefix, false) + std::string(kPrefixes[prefix]);
}

}  // namespace shoal::plot
