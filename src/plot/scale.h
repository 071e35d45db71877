// The domain of an axis: which values lie between its two ends, and where between them a value lies.
//
// Integers, times, booleans and strings are discrete: the domain is a half-open interval of whole numbers, exact
// in 128 bits, made of bands `step` wide. A value v owns the band [v, v + step) and is marked at its middle, so
// an axis over few codes shows each as wide as the bin that counts it. Floats are a half-open interval of doubles.
#pragma once

#include "base/int.h"
#include "table/code_space.h"

namespace shoal::plot {

enum class DomainKind : u8 { kFloat, kInteger, kTime, kCategory };

struct Domain {
  DomainKind kind = DomainKind::kInteger;
  double float_low = 0, float_high = 1;  // kFloat: finite, float_low < float_high
  // The other kinds: high - low is a positive multiple of step. kTime counts from 1970-01-01T00:00 in units of
  // which a day has units_per_day (1 for dates). kCategory counts codes; step is 1.
  i128 low = 0, high = 1;
  u64 step = 1;
  u64 units_per_day = 86'400;

  friend bool operator==(const Domain&, const Domain&) = default;
};

// Domains that hold min and max whatever these are: one value gives one band, or for floats a little room on
// either side; NaN and infinities are brought into the finite range.
Domain float_domain(double min, double max);
Domain integer_domain(i128 min, i128 max, u64 step = 1);
Domain time_domain(i128 min, i128 max, u64 units_per_day, u64 step = 1);
Domain category_domain(u64 codes);

// All values of a column: what an axis shows first. A column without values gives one band, or 0 to 1.
Domain domain_of_column(const table::CodeSpace& space);

// Bands of a discrete domain (at least 1), 0 for floats.
u128 band_count(const Domain& domain);

// The share of the way from the low end (0) to the high end (1) at which a value is marked.
double position_of(const Domain& domain, double value);
double position_of(const Domain& domain, i128 value);

// A domain `factor` times as wide (below 1: closer) in which the value at `position` stays where it is, as far as
// whole bands, the narrowest width (one band, a few ulps) and `limits` (same kind) allow.
Domain zoom(const Domain& domain, double position, double factor, const Domain& limits);

// The domain `share` of its own width further towards the high end, as wide as before, inside `limits`. Whole
// bands move: a drag pans the domain it began with, not the last frame's.
Domain pan(const Domain& domain, double share, const Domain& limits);

}  // namespace shoal::plot
