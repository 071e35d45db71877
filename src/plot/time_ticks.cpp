// Ticks of time axes: the finest calendar unit that fits, labelled by that unit with the next coarser one as
// context.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "plot/calendar.h"
#include "plot/format.h"
#include "plot/ticks.h"

namespace shoal::plot {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr i64 kSecondsPerDay = 86'400;

enum class Unit : u8 { kFraction, kSecond, kMinute, kDay, kWeek, kMonth, kYear };

// `count` units: time units of the column for fractions of a second, seconds for kSecond and kMinute (these differ
// in how they are labelled), days, weeks, months, years.
struct Interval {
  Unit unit;
  i128 count;
};

class Clock {
 public:
  explicit Clock(u64 units_per_day) : units_per_day_(static_cast<i128>(units_per_day)) {}

  bool has_seconds() const { return units_per_day_ >= kSecondsPerDay; }
  i128 units_per_day() const { return units_per_day_; }
  i128 units_per_second() const { return units_per_day_ / kSecondsPerDay; }
  i64 day_of(i128 time) const { return static_cast<i64>(floor_divide(time, units_per_day_)); }
  i128 time_of_month(i128 months) const {
    const i64 year = static_cast<i64>(floor_divide(months, 12));
    const int month = static_cast<int>(floor_modulo(months, 12)) + 1;
    return static_cast<i128>(days_from_civil({year, month, 1})) * units_per_day_;
  }
  i128 month_of(i128 time) const {
    const CivilDate date = civil_from_days(day_of(time));
    return static_cast<i128>(date.year) * 12 + date.month - 1;
  }

 private:
  i128 units_per_day_;
};

// How long an interval is at least; decides which intervals are tried.
i128 shortest_length(const Clock& clock, Interval interval) {
  switch (interval.unit) {
    case Unit::kFraction: return interval.count;
    case Unit::kSecond:
    case Unit::kMinute: return interval.count * clock.units_per_second();
    case Unit::kDay: return interval.count * clock.units_per_day();
    case Unit::kWeek: return interval.count * 7 * clock.units_per_day();
    case Unit::kMonth: return interval.count * 28 * clock.units_per_day();
    case Unit::kYear: return interval.count * 365 * clock.units_per_day();
  }
  return interval.count;
}

// Every multiple of the interval in [first, last].
std::vector<i128> multiples(const Clock& clock, Interval interval, i128 first, i128 last) {
  std::vector<i128> times;
  if (interval.unit == Unit::kMonth || interval.unit == Unit::kYear) {
    const i128 months = interval.count * (interval.unit == Unit::kYear ? 12 : 1);
    for (i128 k = floor_divide(clock.month_of(first), months);; ++k) {
      const i128 time = clock.time_of_month(k * months);
      if (time > last) return times;
      if (time >= first) times.push_back(time);
    }
  }
  // Weeks begin on Mondays; 1970-01-01 was a Thursday.
  const i128 length = shortest_length(clock, interval);
  const i128 origin = interval.unit == Unit::kWeek ? -3 * clock.units_per_day() : 0;
  for (i128 k = -floor_divide(origin - first, length);; ++k) {
    const i128 time = origin + k * length;
    if (time > last) return times;
    times.push_back(time);
  }
}

std::vector<Interval> intervals(const Clock& clock) {
  std::vector<Interval> all;
  if (clock.has_seconds()) {
    for (i128 power = 1; power < clock.units_per_second(); power *= 10) {
      for (const int mantissa : {1, 2, 5}) all.push_back({Unit::kFraction, power * mantissa});
    }
    for (const int seconds : {1, 5, 15, 30}) all.push_back({Unit::kSecond, seconds});
    for (const int minutes : {1, 5, 15, 30, 60, 180, 360, 720}) all.push_back({Unit::kMinute, minutes * 60});
  }
  for (const int days : {1, 2}) all.push_back({Unit::kDay, days});
  all.push_back({Unit::kWeek, 1});
  for (const int months : {1, 3, 6}) all.push_back({Unit::kMonth, months});
  // Seconds in 64 bits reach year 292 billion.
  for (i128 power = 1; power < 1'000'000'000'000; power *= 10) {
    for (const int mantissa : {1, 2, 5}) all.push_back({Unit::kYear, power * mantissa});
  }
  return all;
}

std::string year_text(i64 year) { return year < 0 ? fmt::format("{}{}", kMinus, -year) : fmt::format("{}", year); }

Tick label_time(const Clock& clock, Unit unit, i128 time) {
  const i64 day = clock.day_of(time);
  const CivilDate date = civil_from_days(day);
  const std::string year = year_text(date.year);
  const std::string_view month = kMonths[static_cast<size_t>(date.month - 1)];
  Tick tick;
  if (unit == Unit::kYear) {
    tick.label = year;
    return tick;
  }
  if (unit == Unit::kMonth) {
    tick.label = month;
    tick.context = year;
    return tick;
  }
  if (unit == Unit::kDay || unit == Unit::kWeek) {
    tick.label = fmt::format("{}", date.day);
    tick.context = fmt::format("{} {}", month, year);
    return tick;
  }
  const i128 within_day = time - static_cast<i128>(day) * clock.units_per_day();
  const i64 second_of_day = static_cast<i64>(within_day / clock.units_per_second());
  const i64 hour = second_of_day / 3600;
  const i64 minute = second_of_day / 60 % 60;
  const i64 second = second_of_day % 60;
  tick.context = fmt::format("{} {} {}", date.day, month, year);
  if (unit == Unit::kMinute) {
    tick.label = fmt::format("{:02}:{:02}", hour, minute);
  } else if (unit == Unit::kSecond) {
    tick.label = fmt::format("{:02}:{:02}:{:02}", hour, minute, second);
  } else {
    int decimals = 0;
    for (i128 units = clock.units_per_second(); units > 1; units /= 10) ++decimals;
    const i64 fraction = static_cast<i64>(within_day % clock.units_per_second());
    tick.label = fmt::format("{:02}.{:0{}}", second, fraction, decimals);
    tick.context += fmt::format(" {:02}:{:02}", hour, minute);
  }
  return tick;
}

// Fractions of a second are labelled with every digit their column has: those that all ticks end in go.
void drop_common_zeros(std::vector<Tick>& ticks) {
  const auto ends_in_zero = [](const Tick& tick) { return tick.label.ends_with('0') && tick.label.size() > 4; };
  while (!ticks.empty() && std::ranges::all_of(ticks, ends_in_zero)) {
    for (Tick& tick : ticks) tick.label.pop_back();
  }
}

}  // namespace

Ticks time_ticks(const Domain& domain, u32 most) {
  if (most == 0) return {};
  const Clock clock(domain.units_per_day);
  const i128 last = domain.high - static_cast<i128>(domain.step);
  const i128 length = last - domain.low;
  Interval interval{Unit::kYear, 1};
  std::optional<Interval> finer;
  std::vector<i128> times;
  for (const Interval candidate : intervals(clock)) {
    // Well above what could fit: not worth listing. Months are up to 31 days and years 366, hence the half.
    if (length / shortest_length(clock, candidate) > static_cast<i128>(most) * 3 / 2 + 1) {
      finer = candidate;
      continue;
    }
    interval = candidate;
    times = multiples(clock, candidate, domain.low, last);
    if (times.size() <= most) break;
    finer = candidate;
  }
  // Between two calendar units the step can be sevenfold, and the coarser one may fall outside altogether.
  bool is_thinned = false;
  if (times.size() < std::min<size_t>(2, most) && finer) {
    std::vector<i128> more = multiples(clock, *finer, domain.low, last);
    if (more.size() > times.size()) {
      interval = *finer;
      times = std::move(more);
      is_thinned = true;
    }
  }
  Ticks ticks;
  for (const i128 time : times) {
    ticks.ticks.push_back(label_time(clock, interval.unit, time));
    ticks.ticks.back().position = position_of(domain, time);
  }
  if (is_thinned) thin(ticks.ticks, most);
  if (interval.unit == Unit::kFraction) drop_common_zeros(ticks.ticks);
  return ticks;
}

}  // namespace shoal::plot
