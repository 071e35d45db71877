// Numbers as labels: exact decimals, never through a float, so that native and page write the same digits.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/int.h"

namespace shoal::plot {

// Numbers digits[i] x 10^exponent, as one axis writes them: plain with as many decimals as the finest needs, with
// one SI prefix from 100,000 up (250k, 3.4M), scientific beyond both, and relative to `offset` when they share
// more leading digits than a label has room for.
struct NumberLabels {
  std::vector<std::string> labels;
  std::string offset;  // "" or a number to be added to every label
};
NumberLabels format_numbers(std::span<const i128> digits, int exponent);

// One number by itself, with an SI prefix from 1,000 up: 7, 0.5, 20k, 1M.
std::string format_si(i128 digits, int exponent);

// 1,234,567.50 with decimals = 2 for digits = 123456750; a minus sign is U+2212, as wide as a plus.
std::string format_fixed(i128 digits, int decimals, bool grouped);

constexpr std::string_view kMinus = "\xe2\x88\x92";

}  // namespace shoal::plot
