#include "plot/bin_edges.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.h"

namespace shoal::plot {
namespace {

constexpr u32 kMostCategories = 65'536;

// The first code whose value is at least `value`; may lie beyond the last code.
u64 first_code_from(const table::CodeSpace& space, double value) {
  if (value == 0) value = -0.0;  // equal to +0, and below it in codes
  if (space.wide) return table::f64_image(value);
  float narrow = static_cast<float>(value);
  if (static_cast<double>(narrow) < value) narrow = std::nextafter(narrow, std::numeric_limits<float>::infinity());
  return table::f32_image(narrow);
}

u64 first_code_from(const table::CodeSpace& space, i128 value) {
  const i128 distance = value - space.base;
  if (distance <= 0) return 0;
  const i128 divisor = static_cast<i128>(space.divisor);
  const i128 code = (distance + divisor - 1) / divisor;
  return static_cast<u64>(std::min(code, static_cast<i128>(space.last_code) + 1));
}

AxisBinning bin_floats(const Domain& domain, const table::CodeSpace& space, u32 pixels) {
  AxisBinning binning;
  binning.edges.bin_count = pixels;
  binning.edges.low = domain.float_low;
  binning.edges.high = domain.float_high;
  const double width = domain.float_high - domain.float_low;
  for (u32 bin = 0; bin < pixels; ++bin) {
    // Not width / pixels x bin: the quotient's error would grow with the bin.
    const double edge = domain.float_low + width * (static_cast<double>(bin) / static_cast<double>(pixels));
    binning.edges.first_codes.push_back(first_code_from(space, edge));
  }
  binning.edges.last_code = first_code_from(space, domain.float_high) - 1;
  return binning;
}

// Bins of whole bands: bin b begins with band floor(b x bands / bins).
AxisBinning bin_bands(const Domain& domain, const table::CodeSpace& space, u32 pixels) {
  AxisBinning binning;
  const u128 bands = band_count(domain);
  const u32 bins = static_cast<u32>(std::min<u128>(bands, pixels));
  binning.edges.bin_count = bins;
  const auto first_band = [&](u32 bin) { return bands / bins * bin + bands % bins * bin / bins; };
  for (u32 bin = 0; bin < bins; ++bin) {
    const i128 value = domain.low + static_cast<i128>(first_band(bin)) * static_cast<i128>(domain.step);
    binning.edges.first_codes.push_back(first_code_from(space, value));
    const u128 covered = first_band(bin + 1) - first_band(bin);
    binning.codes_covered.push_back(static_cast<u32>(std::min<u128>(covered, 1u << 24)));
  }
  // Bands are codes where both step alike from places that a whole number of steps lies between.
  if (domain.step == space.divisor && (domain.low - space.base) % static_cast<i128>(domain.step) == 0 &&
      bands <= std::numeric_limits<u32>::max()) {
    binning.edges.even_bands = static_cast<u64>(bands);
    binning.edges.even_first = (domain.low - space.base) / static_cast<i128>(domain.step);
  }
  // A domain that ends below the column's first value has no code.
  if (domain.high <= space.base) binning.edges.first_codes.clear();
  binning.edges.last_code = first_code_from(space, domain.high) - (domain.high <= space.base ? 0 : 1);
  binning.codes_per_bin = static_cast<float>(std::min(static_cast<double>(bands) / bins, 0x1p24));
  return binning;
}

Result<AxisBinning> bin_categories(const Domain& domain, const table::CodeSpace& space, u32 pixels) {
  const u32 strings = space.dictionary->size();
  if (strings > kMostCategories) {
    return fail(
        ErrorCode::kUnsupported,
        "Column {} has more than {} distinct strings, the most that an axis can show. Choose another column.",
        quote(space.dictionary->column()), group_thousands(kMostCategories));
  }
  // Places, not codes, lie along the axis.
  const table::CodeSpace places{.type = space.type, .first_code = 0, .last_code = strings == 0 ? 0 : strings - 1};
  AxisBinning binning = bin_bands(domain, places, pixels);
  const std::vector<u32> codes = sorted_codes(*space.dictionary);
  binning.edges.bin_of_code.resize(std::max(strings, 1u), query::kNoBin);
  query::BinEdges by_place = std::move(binning.edges);
  binning.edges = {.first_codes = {},
                   .last_code = 0,
                   .bin_of_code = std::move(by_place.bin_of_code),
                   .bin_count = by_place.bin_count};
  by_place.bin_of_code.clear();
  for (u32 place = 0; place < strings; ++place) {
    binning.edges.bin_of_code[codes[place]] = query::bin_reference(by_place, place);
  }
  return binning;
}

}  // namespace

std::vector<u32> sorted_codes(const table::Dictionary& dictionary) {
  std::vector<u32> codes(dictionary.size());
  std::iota(codes.begin(), codes.end(), 0u);
  std::ranges::sort(codes, [&](u32 a, u32 b) { return dictionary[a] < dictionary[b]; });
  return codes;
}

Result<AxisBinning> bin_axis(const Domain& domain, const table::CodeSpace& space, u32 pixels) {
  if (domain.kind == DomainKind::kFloat) return bin_floats(domain, space, pixels);
  if (space.dictionary != nullptr) return bin_categories(domain, space, pixels);
  return bin_bands(domain, space, pixels);
}

}  // namespace shoal::plot
