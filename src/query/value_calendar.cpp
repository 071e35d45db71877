#include "query/value_calendar.h"

#include <fmt/format.h>

#include "base/text.h"

namespace shoal::query {
namespace {

constexpr i64 kDaysPerEra = 146'097;         // 400 years
constexpr i64 kDaysFromMarchZero = 719'468;  // from 0000-03-01 to 1970-01-01

constexpr i64 floor_divide(i64 value, i64 divisor) { return value / divisor - (value % divisor < 0 ? 1 : 0); }

bool is_leap(i64 year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

u32 days_in_month(i64 year, u32 month) {
  constexpr u32 kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

// A cursor over the text of a literal.
struct Reader {
  std::string_view text;
  size_t at = 0;

  bool done() const { return at == text.size(); }
  bool take(char c) {
    if (done() || text[at] != c) return false;
    ++at;
    return true;
  }
  bool sees_digit() const { return !done() && text[at] >= '0' && text[at] <= '9'; }
  void skip_spaces() {
    while (!done() && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r'))) ++at;
  }
  // Between 1 and `most` digits.
  std::optional<i64> number(size_t most) {
    if (!sees_digit()) return std::nullopt;
    i64 value = 0;
    for (size_t count = 0; sees_digit(); ++count, ++at) {
      if (count == most) return std::nullopt;
      value = value * 10 + (text[at] - '0');
    }
    return value;
  }
};

std::unexpected<Error> wrong(std::string_view text, std::string_view why) {
  return fail(ErrorCode::kInvalidArgument,
              "{} is not a date or time: {}. Write it as 2001-02-03 or 2001-02-03 04:05:06.", quote(text), why);
}

// HH:MM[:SS[.fraction]]; false when it is malformed.
bool read_clock(Reader& reader, CalendarTime& time) {
  const auto hour = reader.number(2);
  if (!hour || !reader.take(':')) return false;
  const auto minute = reader.number(2);
  if (!minute || *minute > 59) return false;
  i64 second = 0;
  i64 fraction = 0;
  if (reader.take(':')) {
    const auto read = reader.number(2);
    if (!read || *read > 59) return false;
    second = *read;
    if (reader.take('.')) {
      i64 weight = 100'000'000;  // digits beyond the ninth are dropped
      for (; reader.sees_digit(); ++reader.at, weight /= 10) fraction += weight * (reader.text[reader.at] - '0');
    }
  }
  time.nanoseconds = ((*hour * 60 + *minute) * 60 + second) * 1'000'000'000 + fraction;
  return time.nanoseconds <= kNanosecondsPerDay;  // 24:00:00 is the next midnight
}

// Z, UTC, or +HH[[:]MM[:SS]]; false when it is something else.
bool read_zone(Reader& reader, CalendarTime& time) {
  if (reader.take('Z') || reader.take('z')) {
    time.offset_seconds = 0;
    return true;
  }
  if (reader.text.substr(reader.at) == "UTC" || reader.text.substr(reader.at) == "utc") {
    reader.at += 3;
    time.offset_seconds = 0;
    return true;
  }
  const bool is_west = reader.take('-');
  if (!is_west && !reader.take('+')) return false;
  auto digits = reader.number(4);
  if (!digits) return false;
  i64 hours = *digits;
  i64 minutes = 0;
  i64 seconds = 0;
  if (hours > 99) {
    minutes = hours % 100;
    hours /= 100;
  } else if (reader.take(':')) {
    const auto read = reader.number(2);
    if (!read) return false;
    minutes = *read;
    if (reader.take(':')) {
      const auto rest = reader.number(2);
      if (!rest) return false;
      seconds = *rest;
    }
  }
  if (hours > 18 || minutes > 59 || seconds > 59) return false;
  const i64 offset = (hours * 60 + minutes) * 60 + seconds;
  time.offset_seconds = is_west ? -offset : offset;
  return true;
}

}  // namespace

CalendarDate date_of_days(i64 days) {
  // Years that start in March put the leap day last; then months have a linear formula.
  const i64 shifted = days + kDaysFromMarchZero;
  const i64 era = floor_divide(shifted, kDaysPerEra);
  const i64 day_of_era = shifted - era * kDaysPerEra;
  const i64 year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / (kDaysPerEra - 1)) / 365;
  const i64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const i64 march_month = (5 * day_of_year + 2) / 153;
  const i64 month = march_month < 10 ? march_month + 3 : march_month - 9;
  const i64 year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return {year, static_cast<u32>(month), static_cast<u32>(day_of_year - (153 * march_month + 2) / 5 + 1)};
}

std::optional<i64> days_of_date(const CalendarDate& date) {
  if (date.month < 1 || date.month > 12) return std::nullopt;
  if (date.day < 1 || date.day > days_in_month(date.year, date.month)) return std::nullopt;
  const i64 year = date.year - (date.month <= 2 ? 1 : 0);
  const i64 era = floor_divide(year, 400);
  const i64 year_of_era = year - era * 400;
  const i64 march_month = date.month > 2 ? date.month - 3 : date.month + 9;
  const i64 day_of_year = (153 * march_month + 2) / 5 + date.day - 1;
  return era * kDaysPerEra + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         kDaysFromMarchZero;
}

std::string date_text(i64 days) {
  const CalendarDate date = date_of_days(days);
  if (date.year >= 0 && date.year <= 9999) {
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  }
  return fmt::format("{}{:06}-{:02}-{:02}", date.year < 0 ? '-' : '+', date.year < 0 ? -date.year : date.year,
                     date.month, date.day);
}

std::string timestamp_text(i64 ticks, table::TimeUnit unit, bool is_utc) {
  const i64 ticks_per_second = static_cast<i64>(table::ticks_per_second(unit));
  const i64 seconds = floor_divide(ticks, ticks_per_second);
  const i64 fraction_ns = (ticks - seconds * ticks_per_second) * nanoseconds_per_tick(unit);
  const i64 days = floor_divide(seconds, 86'400);
  const i64 second_of_day = seconds - days * 86'400;
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", date_text(days), second_of_day / 3600,
                                 second_of_day / 60 % 60, second_of_day % 60);
  if (fraction_ns % 1'000 != 0) {
    text += fmt::format(".{:09}", fraction_ns);
  } else if (fraction_ns % 1'000'000 != 0) {
    text += fmt::format(".{:06}", fraction_ns / 1'000);
  } else if (fraction_ns != 0) {
    text += fmt::format(".{:03}", fraction_ns / 1'000'000);
  }
  return is_utc ? text + "Z" : text;
}

Result<CalendarTime> parse_calendar_time(std::string_view text) {
  Reader reader{text};
  reader.skip_spaces();
  const bool is_negative = reader.take('-');
  const auto year = reader.number(7);
  const char separator = reader.done() ? '\0' : reader.text[reader.at];
  if (!year || (separator != '-' && separator != '/' && separator != ' ')) {
    return wrong(text, "it does not start with a year, a month and a day");
  }
  reader.take(separator);
  const auto month = reader.number(2);
  if (!month || !reader.take(separator)) return wrong(text, "it does not start with a year, a month and a day");
  const auto day = reader.number(2);
  if (!day) return wrong(text, "it does not start with a year, a month and a day");
  const auto days = days_of_date({is_negative ? -*year : *year, static_cast<u32>(*month), static_cast<u32>(*day)});
  if (!days) return wrong(text, "the calendar has no such day");
  CalendarTime time{.days = *days, .nanoseconds = 0, .offset_seconds = std::nullopt};

  const bool has_letter = reader.take('T');
  if (!has_letter) reader.skip_spaces();
  if (reader.done() && !has_letter) return time;
  if (!read_clock(reader, time)) return wrong(text, "the time of day is not HH:MM:SS");
  reader.skip_spaces();
  if (!reader.done() && !read_zone(reader, time)) {
    return wrong(text, "what follows the time is not a time zone offset such as +02:00 or Z");
  }
  reader.skip_spaces();
  if (!reader.done()) return wrong(text, "there is more text after the time");
  return time;
}

}  // namespace shoal::query
