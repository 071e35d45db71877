#include "plot/scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace shoal::plot {
namespace {

constexpr double kHuge = std::numeric_limits<double>::max();
constexpr i128 kI64Min = std::numeric_limits<i64>::min();
constexpr i128 kI64Max = std::numeric_limits<i64>::max();

void expect_sound(const Domain& domain) {
  if (domain.kind == DomainKind::kFloat) {
    EXPECT_TRUE(std::isfinite(domain.float_low));
    EXPECT_TRUE(std::isfinite(domain.float_high));
    EXPECT_LT(domain.float_low, domain.float_high);
    EXPECT_TRUE(std::isfinite(domain.float_high - domain.float_low));
    return;
  }
  EXPECT_LT(domain.low, domain.high);
  EXPECT_TRUE((domain.high - domain.low) % static_cast<i128>(domain.step) == 0);
}

TEST(Domain, OfAnyFloatsHoldsThem) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const double values[] = {0.0, -0.0, 1.0, -1.0, 5e-324, 1e300, -1e300, kHuge, -kHuge, 0.1, 1e15, nan, infinity};
  for (const double min : values) {
    for (const double max : values) {
      const Domain domain = float_domain(min, max);
      expect_sound(domain);
      if (std::isnan(min) || std::isnan(max) || std::fabs(min) > 1e301 || std::fabs(max) > 1e301) continue;
      EXPECT_GE(position_of(domain, min), 0.0) << min << " " << max;
      EXPECT_LE(position_of(domain, max), 1.0) << min << " " << max;
    }
  }
}

TEST(Domain, OfIntegersMarksTheMiddleOfEachBand) {
  const Domain one = integer_domain(7, 7);
  EXPECT_EQ(band_count(one), 1u);
  EXPECT_EQ(position_of(one, i128{7}), 0.5);
  const Domain minutes = time_domain(0, 120, 86'400, 60);
  EXPECT_EQ(band_count(minutes), 3u);
  EXPECT_DOUBLE_EQ(position_of(minutes, i128{60}), 0.5);
  const Domain all = integer_domain(kI64Min, kI64Max);
  EXPECT_EQ(band_count(all), u128{1} << 64);
}

TEST(Domain, OfAColumnFollowsItsCodes) {
  table::CodeSpace space;
  space.type = {.kind = table::TypeKind::kTimestamp, .unit = table::TimeUnit::kMicro};
  space.base = 1'000'000'000;
  space.divisor = 60'000'000;
  space.last_code = 9;
  const Domain domain = domain_of_column(space);
  EXPECT_EQ(domain.kind, DomainKind::kTime);
  EXPECT_EQ(domain.units_per_day, 86'400'000'000u);
  EXPECT_EQ(band_count(domain), 10u);
  EXPECT_TRUE(domain.low == 1'000'000'000);
  space.first_code = 10;
  expect_sound(domain_of_column(space));
}

TEST(Zoom, KeepsTheValueUnderTheCursor) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> unit(0, 1);
  const Domain limits = float_domain(-1e6, 1e6);
  for (int i = 0; i < 2000; ++i) {
    Domain domain = limits;
    const double cursor = unit(random);
    const double before = domain.float_low + (domain.float_high - domain.float_low) * cursor;
    for (int turn = 0; turn < 20; ++turn) domain = zoom(domain, cursor, 0.8, limits);
    EXPECT_NEAR(position_of(domain, before), cursor, 1e-6);
  }
}

TEST(Zoom, AnySequenceStaysSoundAndInsideItsLimits) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> unit(0, 1);
  const Domain all[] = {float_domain(0, 1),
                        float_domain(-kHuge, kHuge),
                        float_domain(1e15, 1e15 + 1),
                        float_domain(-5e-324, 0),
                        integer_domain(0, 0),
                        integer_domain(-3, 12),
                        integer_domain(kI64Min, kI64Max),
                        time_domain(0, 1'000'000, 86'400, 60),
                        category_domain(300)};
  for (const Domain& limits : all) {
    Domain domain = limits;
    for (int i = 0; i < 3000; ++i) {
      const double factor = std::exp((unit(random) - 0.55) * 4);
      domain = i % 3 == 2 ? pan(domain, unit(random) * 4 - 2, limits) : zoom(domain, unit(random), factor, limits);
      expect_sound(domain);
      EXPECT_GE(domain.float_low, limits.float_low);
      EXPECT_LE(domain.float_high, limits.float_high);
      EXPECT_TRUE(domain.low >= limits.low && domain.high <= limits.high);
    }
    for (const double odd : {0.0, -1.0, std::nan(""), HUGE_VAL, 1e-300, 1e300}) {
      expect_sound(zoom(domain, 0.5, odd, limits));
      expect_sound(zoom(domain, odd, 0.5, limits));
      expect_sound(pan(domain, odd, limits));
    }
  }
}

TEST(Zoom, EndsAtOneBandAndAlwaysMoves) {
  const Domain limits = integer_domain(0, 99);
  Domain domain = limits;
  for (int i = 0; i < 200; ++i) domain = zoom(domain, 0.5, 0.99, limits);
  EXPECT_EQ(band_count(domain), 1u);
  for (int i = 0; i < 200; ++i) domain = zoom(domain, 0.5, 1.01, limits);
  EXPECT_EQ(domain, limits);
}

TEST(Pan, KeepsTheWidthAndStopsAtTheLimits) {
  const Domain limits = integer_domain(0, 999);
  const Domain inner = zoom(limits, 0.5, 0.1, limits);
  const Domain moved = pan(inner, 0.5, limits);
  EXPECT_EQ(band_count(moved), band_count(inner));
  EXPECT_TRUE(moved.low == inner.low + 50);
  EXPECT_TRUE(pan(inner, 1e9, limits).high == limits.high);
}

}  // namespace
}  // namespace shoal::plot
