#include "query/filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "query/filter_test_table.h"

namespace shoal::query {
namespace {

using table::TypeKind;

// Nine rows; delay, distance and origin as in the flights, the others for the corners.
TestTable flights() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  TestTable t;
  t.add_integers("delay", {.kind = TypeKind::kInteger, .bits = 16}, {-20, 0, 5, 60, 61, 90, {}, 300, 1500});
  t.add_integers("distance", {.kind = TypeKind::kInteger, .bits = 16},
                 {100, 200, 300, 400, 500, 600, 700, {}, 900});
  t.add_strings("origin", {"SFO", "OAK", "SFO", "JFK", {}, "SEA", "SF", "JFK", ""});
  t.add_strings("destination", {"OAK", "OAK", "LAX", "JFK", "SFO", {}, "SFO", "SEA", "x"});
  t.add_integers("date", {.kind = TypeKind::kTimestamp, .unit = table::TimeUnit::kMicro},
                 {0,
                  978'307'200'000'000,
                  978'393'600'000'000,
                  979'000'000'000'000,
                  980'000'000'060'000,
                  {},
                  -86'400'000'000,
                  1,
                  1'000'000'000'000'000});
  t.add_integers("day", {.kind = TypeKind::kDate}, {0, 11'323, 11'324, 11'331, -1, {}, 20'000, 11'356, 11'600});
  t.add_floats("ratio", 64, {0.1, -0.0, 0.0, kNan, kInfinity, -kInfinity, {}, 1e300, 2.5});
  t.add_floats("narrow", 32, {0.5, 0.0, -0.0, kNan, kInfinity, -1.5, 3.25, {}, 2.5});
  t.add_integers("big", {.kind = TypeKind::kInteger, .bits = 64, .is_signed = false},
                 {0, 9'007'199'254'740'993, i128{std::numeric_limits<u64>::max()}, 1, 2, 3, {}, 5, 6});
  t.add_integers("late", {.kind = TypeKind::kBoolean}, {0, 1, 1, 0, {}, 1, 0, 1, 0});
  t.add_integers("Column Name", {.kind = TypeKind::kInteger, .bits = 32}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  return t;
}

std::string kept(const std::string& text) {
  static const TestTable kFlights = flights();
  const auto filter = compile_filter(text, kFlights.columns);
  if (!filter) return filter.error().message();
  std::string rows;
  for (size_t row = 0; row < kFlights.rows(); ++row) {
    if (kFlights.keeps(*filter, row)) rows += std::to_string(row);
  }
  return rows;
}

TEST(Filter, ComparesWithConstants) {
  EXPECT_EQ(kept("delay > 60"), "4578");
  EXPECT_EQ(kept("60 <= delay"), "34578");
  EXPECT_EQ(kept("delay = 60.0"), "3");
  EXPECT_EQ(kept("delay > 60.5"), "4578");
  EXPECT_EQ(kept("delay <> 60"), "0124578");
  EXPECT_EQ(kept("delay BETWEEN 0 AND 60"), "123");
  EXPECT_EQ(kept("delay NOT BETWEEN 0 AND 60"), "04578");
  EXPECT_EQ(kept("delay IN (5, 60, 61.0, 7.5)"), "234");
  EXPECT_EQ(kept("delay NOT IN (5, 60)"), "014578");
  EXPECT_EQ(kept("delay NOT IN (5, NULL)"), "");
  EXPECT_EQ(kept("delay IS NULL"), "6");
  EXPECT_EQ(kept("delay IS NOT NULL"), "01234578");
  EXPECT_EQ(kept("\"column name\" = 3"), "2");
}

TEST(Filter, JoinsConditionsInThreeValuedLogic) {
  EXPECT_EQ(kept("delay > 60 AND origin IN ('SFO', 'JFK')"), "7");
  EXPECT_EQ(kept("delay > 60 OR origin = 'SFO'"), "024578");
  EXPECT_EQ(kept("NOT (delay > 60 AND distance > 500)"), "01234");
  EXPECT_EQ(kept("NOT (delay > 60 OR distance > 500)"), "0123");
  EXPECT_EQ(kept("(delay > 60 AND distance > 500) IS NULL"), "67");
  EXPECT_EQ(kept("(delay > 60 OR distance > 500) IS NOT TRUE"), "0123");
  EXPECT_EQ(kept("late"), "1257");
  EXPECT_EQ(kept("NOT late"), "0368");
  EXPECT_EQ(kept("late = FALSE OR late IS NULL"), "03468");
}

TEST(Filter, MatchesStrings) {
  EXPECT_EQ(kept("origin = 'SFO'"), "02");
  EXPECT_EQ(kept("origin LIKE 'SF%'"), "026");
  EXPECT_EQ(kept("origin NOT LIKE '_F%'"), "158");
  EXPECT_EQ(kept("origin < 'OAK'"), "378");
  EXPECT_EQ(kept("origin = destination"), "13");
  EXPECT_EQ(kept("origin > destination"), "02");
}

TEST(Filter, KnowsDatesAndTimes) {
  EXPECT_EQ(kept("date >= TIMESTAMP '2001-01-01'"), "12348");
  EXPECT_EQ(kept("date >= '2001-01-02 00:00:00'"), "2348");
  EXPECT_EQ(kept("date < DATE '1970-01-01'"), "6");
  EXPECT_EQ(kept("day = '2001-01-01'"), "1");
  EXPECT_EQ(kept("day + 1 > DATE '2001-01-02'"), "23678");
  EXPECT_EQ(kept("date > day"), "34");
  EXPECT_EQ(kept("day - DATE '2001-01-01' BETWEEN 0 AND 40"), "1237");
}

TEST(Filter, TreatsFloatsAsDuckDbDoes) {
  EXPECT_EQ(kept("ratio = 0"), "12");
  EXPECT_EQ(kept("ratio > 1e308"), "34");
  EXPECT_EQ(kept("ratio = 'nan'"), "3");
  EXPECT_EQ(kept("ratio <= 0.1"), "0125");
  EXPECT_EQ(kept("-ratio < 0"), "0478");
}

TEST(Filter, ComparesColumnsExactly) {
  EXPECT_EQ(kept("delay + distance > 500"), "458");
  EXPECT_EQ(kept("delay * 10 < distance"), "012");
  EXPECT_EQ(kept("distance - delay = 340.0"), "3");
  EXPECT_EQ(kept("ratio < narrow"), "05");
  EXPECT_EQ(kept("ratio = narrow"), "12348");
  EXPECT_EQ(kept("delay IS DISTINCT FROM distance"), "012345678");
  EXPECT_EQ(kept("big > 9007199254740992"), "12");
}

TEST(Filter, RefusesByName) {
  EXPECT_EQ(kept("dealy > 60"),
            "Column 'dealy' is not in the table. Did you mean 'delay'?\n    dealy > 60\n    ^~~~~");
  EXPECT_EQ(kept("delay > 'abc'"),
            "The string 'abc' cannot be read as an int16. Write the number without quotes.\n"
            "    delay > 'abc'\n            ^~~~~");
  EXPECT_EQ(
      kept("delay >"),
      "The expression ends where a column, a number, a 'string' or ( was expected.\n    delay >\n           ^");
}

}  // namespace
}  // namespace shoal::query
