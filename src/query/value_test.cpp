#include "query/value.h"

#include <gtest/gtest.h>

#include <limits>

#include "query/value_calendar.h"

namespace shoal::query {
namespace {

using table::TimeUnit;

TEST(Value, HasJsonText) {
  EXPECT_EQ(to_json_text({}), "null");
  EXPECT_EQ(to_json_text(boolean_value(true)), "true");
  EXPECT_EQ(to_json_text(integer_value(i128{std::numeric_limits<u64>::max()})), "18446744073709551615");
  EXPECT_EQ(to_json_text(decimal_value(-5, 2)), "-0.05");
  EXPECT_EQ(to_json_text(float64_value(0.1)), "0.1");
  EXPECT_EQ(to_json_text(float32_value(0.1f)), "0.1");
  EXPECT_EQ(to_json_text(float64_value(static_cast<double>(0.1f))), "0.10000000149011612");
  EXPECT_EQ(to_json_text(float64_value(-0.0)), "-0");
  EXPECT_EQ(to_json_text(float64_value(std::numeric_limits<double>::quiet_NaN())), "\"NaN\"");
  EXPECT_EQ(to_json_text(float64_value(-std::numeric_limits<double>::infinity())), "\"-Infinity\"");
  EXPECT_EQ(to_json_text(string_value("a\"b\\\n\x01é")), "\"a\\\"b\\\\\\n\\u0001é\"");
  EXPECT_EQ(to_json_text(date_value(0)), "\"1970-01-01\"");
  EXPECT_EQ(to_text(string_value("a\"b")), "a\"b");
}

TEST(Value, WritesIntegersOfAnySize) {
  EXPECT_EQ(integer_text(0), "0");
  EXPECT_EQ(integer_text(-1), "-1");
  EXPECT_EQ(integer_text(std::numeric_limits<i64>::min()), "-9223372036854775808");
  EXPECT_EQ(integer_text(i128{1} << 126), "85070591730234615865843651857942052864");
  EXPECT_EQ(integer_text(static_cast<i128>(u128{1} << 127)), "-170141183460469231731687303715884105728");
}

TEST(Calendar, WritesIsoText) {
  EXPECT_EQ(timestamp_text(0, TimeUnit::kSecond, false), "1970-01-01T00:00:00");
  EXPECT_EQ(timestamp_text(-1, TimeUnit::kNano, true), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(timestamp_text(1'500, TimeUnit::kMilli, false), "1970-01-01T00:00:01.500");
  EXPECT_EQ(timestamp_text(1'000'010, TimeUnit::kMicro, false), "1970-01-01T00:00:01.000010");
  EXPECT_EQ(date_text(-719'528), "0000-01-01");
  EXPECT_EQ(date_text(-719'529), "-000001-12-31");
  EXPECT_EQ(date_text(2'932'897), "+010000-01-01");
}

TEST(Calendar, ReadsBackWhatItWrites) {
  for (i64 days = -800'000; days < 3'000'000; days += 37) {
    ASSERT_EQ(days_of_date(date_of_days(days)), days);
  }
  for (const i64 ticks : {i64{0}, i64{-1}, i64{999'999'999'999}, i64{-62'000'000'000'000'000}}) {
    const auto time = parse_calendar_time(timestamp_text(ticks, TimeUnit::kMicro, true));
    ASSERT_TRUE(time);
    EXPECT_EQ(time->days * (kNanosecondsPerDay / 1'000) + time->nanoseconds / 1'000, ticks);
    EXPECT_EQ(time->offset_seconds, 0);
  }
}

TEST(Calendar, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2001", "2001-02", "2001-02-29", "2001-13-01", "2001-02-03T", "2001-02-03 04",
                           "2001-02-03 04:60", "2001-02-03 04:05:60", "2001-02-03 24:00:01", "2001-02-03 04:05 x",
                           "2001-02/03", "20010203", "99999999-01-01", "2001-02-03 04:05+99"}) {
    EXPECT_FALSE(parse_calendar_time(text)) << text;
  }
  EXPECT_EQ(parse_calendar_time("2001-02-03 24:00")->nanoseconds, kNanosecondsPerDay);
  EXPECT_EQ(parse_calendar_time("2001-02-03 04:05+02:30")->offset_seconds, 9'000);
}

}  // namespace
}  // namespace shoal::query
