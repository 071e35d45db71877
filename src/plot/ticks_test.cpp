#include "plot/ticks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "plot/calendar.h"
#include "plot/format.h"
#include "plot/legend_layout.h"

namespace shoal::plot {
namespace {

std::vector<std::string> labels_of(const Ticks& ticks) {
  std::vector<std::string> labels;
  for (const Tick& tick : ticks.ticks) labels.push_back(tick.label);
  return labels;
}
std::vector<std::string> contexts_of(const Ticks& ticks) {
  std::vector<std::string> contexts;
  for (const Tick& tick : ticks.ticks) contexts.push_back(tick.context);
  return contexts;
}
using Labels = std::vector<std::string>;

// Inside, increasing, evenly spaced unless the calendar says otherwise, no two labels alike, at most `most`.
void expect_good(const Domain& domain, u32 most) {
  const Ticks ticks = axis_ticks(domain, most);
  ASSERT_LE(ticks.ticks.size(), most);
  if (domain.kind != DomainKind::kTime && most >= 4 && band_count(domain) != 1) {
    ASSERT_GE(ticks.ticks.size(), 1u);
  }
  double last = -1;
  std::set<std::string> seen;
  for (const Tick& tick : ticks.ticks) {
    ASSERT_GE(tick.position, 0);
    ASSERT_LE(tick.position, 1);
    ASSERT_GT(tick.position, last);
    ASSERT_TRUE(seen.insert(tick.label + "/" + tick.context).second) << tick.label;
    ASSERT_LE(tick.label.size(), 30u) << tick.label;
    last = tick.position;
  }
  for (size_t i = 2; i < ticks.ticks.size() && domain.kind != DomainKind::kTime; ++i) {
    const double step = ticks.ticks[i].position - ticks.ticks[i - 1].position;
    ASSERT_NEAR(step, ticks.ticks[1].position - ticks.ticks[0].position, 1e-2);
  }
}

TEST(Ticks, OfRandomDomainsAreRoundAndInside) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int i = 0; i < 4000; ++i) {
    const u32 most = 1 + static_cast<u32>(random() % 12);
    const double magnitude = std::pow(10.0, unit(random) * 40 - 20);
    const double low = (unit(random) - 0.5) * magnitude;
    expect_good(float_domain(low, low + magnitude * std::pow(10.0, -unit(random) * 12)), most);
    const int shift = static_cast<int>(random() % 64);
    const i64 a = static_cast<i64>(random()) >> shift;
    const i64 b = static_cast<i64>(random()) >> (random() % 64);
    expect_good(integer_domain(a, b), most);
    expect_good(integer_domain(a, i128{a} + static_cast<i128>(random() % 50), 1), most);
    for (const u64 units : {u64{1}, u64{86'400}, u64{86'400'000}, u64{86'400'000'000'000}}) {
      expect_good(time_domain(units == 1 ? a >> 32 : a, units == 1 ? b >> 32 : b, units), most);
      expect_good(time_domain(a >> 32, i128{a >> 32} + static_cast<i128>(random() >> (random() % 64)), units),
                  most);
    }
  }
}

TEST(Ticks, OfExtremes) {
  constexpr i128 kMin = std::numeric_limits<i64>::min();
  constexpr i128 kMax = std::numeric_limits<i64>::max();
  for (const u32 most : {1u, 2u, 5u, 12u}) {
    expect_good(integer_domain(kMin, kMax), most);
    expect_good(integer_domain(kMax, kMax), most);
    expect_good(integer_domain(kMin, kMin + 3), most);
    expect_good(integer_domain(0, static_cast<i128>(std::numeric_limits<u64>::max())), most);
    for (const u64 units : {u64{86'400}, u64{86'400'000'000'000}}) {
      expect_good(time_domain(kMin, kMax, units), most);
      expect_good(time_domain(kMin, kMin, units), most);
      expect_good(time_domain(kMax - 7, kMax, units), most);
    }
    expect_good(float_domain(-1e308, 1e308), most);
    expect_good(float_domain(0, 5e-324), most);
    expect_good(float_domain(1e300, 1e300), most);
    expect_good(category_domain(std::numeric_limits<u32>::max()), most);
  }
}

TEST(Ticks, OfNumbersReadWell) {
  EXPECT_EQ(labels_of(axis_ticks(integer_domain(0, 4983), 6)), (Labels{"0", "1000", "2000", "3000", "4000"}));
  EXPECT_EQ(labels_of(axis_ticks(integer_domain(-60, 120), 5)), (Labels{"−50", "0", "50", "100"}));
  EXPECT_EQ(labels_of(axis_ticks(integer_domain(0, 30'000), 4)), (Labels{"0", "10,000", "20,000", "30,000"}));
  EXPECT_EQ(labels_of(axis_ticks(integer_domain(0, 1'500'000), 4)), (Labels{"0", "0.5M", "1.0M", "1.5M"}));
  EXPECT_EQ(labels_of(axis_ticks(float_domain(0, 0.3), 4)), (Labels{"0", "0.1", "0.2", "0.3"}));
  EXPECT_EQ(labels_of(axis_ticks(float_domain(0, 2e-7), 3)), (Labels{"0", "1e−7", "2e−7"}));
  EXPECT_EQ(labels_of(axis_ticks(float_domain(0, 3e30), 4)), (Labels{"0", "1e30", "2e30", "3e30"}));
  EXPECT_EQ(labels_of(axis_ticks(category_domain(30), 4)), (Labels{"0", "10", "20"}));
}

TEST(Ticks, BeyondTwoToThe53AreExactAndShareAnOffset) {
  const i128 low = 9'007'199'254'740'993;
  const Ticks ticks = axis_ticks(integer_domain(low, low + 4), 5);
  EXPECT_EQ(ticks.offset, "9,007,199,254,740,990");
  EXPECT_EQ(labels_of(ticks), (Labels{"3", "4", "5", "6", "7"}));
}

TEST(TimeTicks, FollowTheCalendar) {
  const auto day = [](i64 year, int month, int date) { return i128{days_from_civil({year, month, date})}; };
  const Ticks months = axis_ticks(time_domain(day(2000, 12, 20), day(2001, 4, 20), 1), 6);
  EXPECT_EQ(labels_of(months), (Labels{"Jan", "Feb", "Mar", "Apr"}));
  EXPECT_EQ(contexts_of(months)[0], "2001");
  const Ticks leap = axis_ticks(time_domain(day(2004, 2, 27), day(2004, 3, 2), 1), 6);
  EXPECT_EQ(labels_of(leap), (Labels{"27", "28", "29", "1", "2"}));
  EXPECT_EQ(contexts_of(leap)[4], "Mar 2004");
  const Ticks before = axis_ticks(time_domain(-86'400, -1, 86'400), 5);
  EXPECT_EQ(labels_of(before), (Labels{"00:00", "06:00", "12:00", "18:00"}));
  EXPECT_EQ(contexts_of(before)[0], "31 Dec 1969");
  const Ticks ancient = axis_ticks(time_domain(day(-100, 1, 1), day(100, 1, 1), 1), 5);
  EXPECT_EQ(labels_of(ancient), (Labels{"−100", "−50", "0", "50", "100"}));
  const Ticks nanos = axis_ticks(time_domain(5, 45, 86'400'000'000'000), 5);
  EXPECT_EQ(labels_of(nanos), (Labels{"00.00000001", "00.00000002", "00.00000003", "00.00000004"}));
  const Ticks weeks = axis_ticks(time_domain(day(2024, 1, 1), day(2024, 1, 28), 1), 5);
  EXPECT_EQ(labels_of(weeks), (Labels{"1", "8", "15", "22"}));
}

TEST(Calendar, RoundTripsAndKnowsLeapYears) {
  EXPECT_EQ(civil_from_days(0), (CivilDate{1970, 1, 1}));
  EXPECT_EQ(civil_from_days(-719'468), (CivilDate{0, 3, 1}));
  EXPECT_EQ(days_from_civil({2000, 3, 1}) - days_from_civil({2000, 2, 28}), 2);
  EXPECT_EQ(days_from_civil({1900, 3, 1}) - days_from_civil({1900, 2, 28}), 1);
  for (i64 day = -1'000'000; day < 1'000'000; day += 13) EXPECT_EQ(days_from_civil(civil_from_days(day)), day);
  for (i64 day = -107'000'000'000'000; day < 107'000'000'000'000; day += 999'999'999'937) {
    EXPECT_EQ(days_from_civil(civil_from_days(day)), day);
  }
}

TEST(Format, SmallAndLarge) {
  EXPECT_EQ(format_si(0, 0), "0");
  EXPECT_EQ(format_si(1, 3), "1k");
  EXPECT_EQ(format_si(34, 5), "3.4M");
  EXPECT_EQ(format_si(5, -1), "0.5");
  EXPECT_EQ(format_si(-2, 9), "−2G");
  EXPECT_EQ(format_fixed(123'456'750, 2, true), "1,234,567.50");
  EXPECT_EQ(format_fixed(-5, 2, true), "−0.05");
}

TEST(LegendTicks, AreRoundApartAndInside) {
  for (const ColorScale scale : {ColorScale::kLinear, ColorScale::kLog, ColorScale::kCubeRoot}) {
    for (double largest = 0.003; largest < 5e9; largest *= 1.7) {
      const auto ticks = legend_ticks(scale, largest, 0.06);
      EXPECT_GE(ticks.size(), 1u) << largest;
      EXPECT_LE(ticks.size(), 18u);
      for (size_t i = 0; i < ticks.size(); ++i) {
        EXPECT_GE(ticks[i].position, 0);
        EXPECT_LE(ticks[i].position, 1);
        EXPECT_LE(ticks[i].label.size(), 6u) << ticks[i].label;
        if (i > 0) {
          EXPECT_GE(ticks[i].position - ticks[i - 1].position, 0.06 - 1e-9);
        }
      }
    }
    EXPECT_TRUE(legend_ticks(scale, 0, 0.1).empty());
    EXPECT_TRUE(legend_ticks(scale, std::nan(""), 0.1).empty());
  }
}

}  // namespace
}  // namespace shoal::plot
