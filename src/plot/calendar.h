// The proleptic Gregorian calendar, years of any sign (year 0 is 1 BC), in whole days since 1970-01-01.
// Method: era arithmetic on 400-year cycles that begin in March, after Howard Hinnant's "chrono-compatible
// low-level date algorithms".
#pragma once

#include "base/int.h"

namespace shoal::plot {

struct CivilDate {
  i64 year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31

  friend bool operator==(const CivilDate&, const CivilDate&) = default;
};

constexpr i128 floor_divide(i128 value, i128 divisor) {
  const i128 quotient = value / divisor;
  return value % divisor != 0 && (value < 0) != (divisor < 0) ? quotient - 1 : quotient;
}
constexpr i128 floor_modulo(i128 value, i128 divisor) { return value - floor_divide(value, divisor) * divisor; }

constexpr i64 days_from_civil(CivilDate date) {
  const i64 year = date.year - (date.month <= 2 ? 1 : 0);
  const i64 era = (year >= 0 ? year : year - 399) / 400;
  const i64 year_of_era = year - era * 400;
  const i64 day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

constexpr CivilDate civil_from_days(i64 days) {
  const i64 shifted = days + 719468;
  const i64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const i64 day_of_era = shifted - era * 146097;
  const i64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const i64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const i64 month = (5 * day_of_year + 2) / 153;
  const i64 civil_month = month < 10 ? month + 3 : month - 9;
  return {year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0), static_cast<int>(civil_month),
          static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1)};
}

}  // namespace shoal::plot
