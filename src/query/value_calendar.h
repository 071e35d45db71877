// Days and ticks since 1970-01-01 as ISO 8601 text and back (proleptic Gregorian calendar, as DuckDB's).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/int.h"
#include "base/result.h"
#include "table/column_type.h"

namespace shoal::query {

struct CalendarDate {
  i64 year = 1970;
  u32 month = 1;  // 1 to 12
  u32 day = 1;    // 1 to 31
};
CalendarDate date_of_days(i64 days);
// Nothing when there is no such day (2001-02-29).
std::optional<i64> days_of_date(const CalendarDate& date);

// 2001-02-03; years before 0 and after 9999 with a sign and at least six digits, as ISO 8601 has them.
std::string date_text(i64 days);
// 2001-02-03T04:05:06, with 3, 6 or 9 digits of fraction where it is not zero, and Z when it is an instant.
std::string timestamp_text(i64 ticks, table::TimeUnit unit, bool is_utc);

// What DuckDB reads in a date or timestamp literal: YYYY-MM-DD[( |T)HH:MM[:SS[.fraction]][Z|UTC|+HH[:MM[:SS]]]].
struct CalendarTime {
  i64 days = 0;
  i64 nanoseconds = 0;  // since midnight, 0 to 86,400 x 10^9
  std::optional<i64> offset_seconds;
};
// Errors: kInvalidArgument, a whole sentence that quotes `text` and the field that is wrong.
Result<CalendarTime> parse_calendar_time(std::string_view text);

constexpr i64 kNanosecondsPerDay = 86'400'000'000'000;
constexpr i64 nanoseconds_per_tick(table::TimeUnit unit) {
  constexpr i64 kNanoseconds[] = {1'000'000'000, 1'000'000, 1'000, 1};
  return kNanoseconds[static_cast<size_t>(unit)];
}

}  // namespace shoal::query
