// Chooses how a column of a chunk is stored, from what the GPU measured of its raw values.
#pragma once

#include <array>
#include <span>

#include "table/measure_layout.gen.h"
#include "table/raw_values_layout.gen.h"
#include "table/table.h"

namespace shoal::table {

inline constexpr u32 kMostDivisors = 16;

// Divisors worth trying for a type, ascending: powers of ten; for timestamps also a second, a minute, an hour, a
// day.
std::span<const u64> divisor_candidates(const ColumnType& type);

// What the kernels need to divide by `divisor` without dividing.
Divisor divisor_constants(u64 divisor);

struct Encoding {
  StoredColumn stored;        // all but its views
  u64 base_image = 0;         // subtracted from images
  bool fits_32_bits = false;  // integers: what is left then, before it is divided
};

// `summaries`: one a block, as measure.wgsl writes them. The narrowest lossless encoding, with the largest divisor.
Encoding choose_encoding(const ColumnType& type, RawFormat raw, u32 rows, std::span<const BlockSummary> summaries);

// The value of an image, for all but floats.
i128 integer_of_image(RawFormat raw, u64 image);

}  // namespace shoal::table
