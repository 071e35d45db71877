#include "table/code_space.h"

#include <cmath>

namespace shoal::table {
namespace {
constexpr u32 kNan32 = 0x7fc00000u;  // the one NaN, quiet and positive: its image is above infinity's
constexpr u64 kNan64 = 0x7ff8000000000000u;
constexpr u32 kSign32 = 0x80000000u;
constexpr u64 kSign64 = 0x8000000000000000u;
}  // namespace

std::optional<u64> code_of_integer(const CodeSpace& space, i128 value) {
  const i128 distance = value - space.base;
  if (distance < 0 || distance % static_cast<i128>(space.divisor) != 0) return std::nullopt;
  const i128 code = distance / static_cast<i128>(space.divisor);
  const i128 largest = space.wide ? static_cast<i128>(std::numeric_limits<u64>::max())
                                  : static_cast<i128>(std::numeric_limits<u32>::max());
  if (code > largest) return std::nullopt;
  return static_cast<u64>(code);
}

i128 integer_of_code(const CodeSpace& space, u64 code) {
  return space.base + static_cast<i128>(code) * static_cast<i128>(space.divisor);
}

u32 f32_image(float value) {
  const u32 bits = std::isnan(value) ? kNan32 : std::bit_cast<u32>(value);
  return (bits & kSign32) != 0 ? ~bits : bits ^ kSign32;
}

u64 f64_image(double value) {
  const u64 bits = std::isnan(value) ? kNan64 : std::bit_cast<u64>(value);
  return (bits & kSign64) != 0 ? ~bits : bits ^ kSign64;
}

double float_of_code(const CodeSpace& space, u64 code) {
  if (space.wide) return std::bit_cast<double>((code & kSign64) != 0 ? code ^ kSign64 : ~code);
  const u32 image = static_cast<u32>(code);
  return static_cast<double>(std::bit_cast<float>((image & kSign32) != 0 ? image ^ kSign32 : ~image));
}

}  // namespace shoal::table
