#include "query/types_check.h"

#include <gtest/gtest.h>

#include "query/evaluate.h"
#include "query/evaluate_like.h"
#include "query/filter_test_table.h"
#include "query/parser.h"

namespace shoal::query {
namespace {

using table::TypeKind;

TestTable sample() {
  TestTable t;
  t.add_integers("delay", {.kind = TypeKind::kInteger, .bits = 16}, {1, 2});
  t.add_integers("tiny", {.kind = TypeKind::kInteger, .bits = 8}, {-128, 127});
  t.add_integers("day", {.kind = TypeKind::kDate}, {0, 1});
  t.add_integers("time", {.kind = TypeKind::kTimestamp}, {0, 1});
  t.add_integers("late", {.kind = TypeKind::kBoolean}, {0, 1});
  t.add_floats("ratio", 64, {0.5, 1e300});
  t.add_strings("origin", {"SFO", "OAK"});
  t.add_integers("Twin", {.kind = TypeKind::kInteger, .bits = 32}, {1, 2});
  t.add_integers("twin", {.kind = TypeKind::kInteger, .bits = 32}, {1, 2});
  return t;
}

// The first line of what is wrong with a filter.
std::string failure(const std::string& text) {
  static const TestTable kTable = sample();
  const auto filter = compile_filter(text, kTable.columns);
  if (filter) return "compiled";
  const std::string message = filter.error().message();
  return message.substr(0, message.find('\n'));
}

TEST(Types, ErrorsNameBothTypesAndTheRemedy) {
  EXPECT_EQ(
      failure("origin > 5"),
      "'origin' has type string and '5' has type int32: they cannot be compared. Put the value that is compared "
      "with a string in single quotes.");
  EXPECT_EQ(failure("day = 5"),
            "'day' has type date and '5' has type int32: they cannot be compared. Write a date as DATE "
            "'2001-02-03' and a "
            "time as TIMESTAMP '2001-02-03 04:05:06'.");
  EXPECT_EQ(
      failure("late > 0.5"),
      "'late' has type boolean and '0.5' has type decimal: they cannot be compared. Compare a boolean with TRUE or "
      "FALSE, or write it alone.");
  EXPECT_EQ(failure("delay"),
            "A filter needs a condition, but 'delay' has type int16. Compare it with something, such as > 0.");
  EXPECT_EQ(failure("late AND origin"),
            "AND needs a condition, but 'origin' has type string. Compare it with something, such as = '...'.");
  EXPECT_EQ(failure("origin + 1 > 2"),
            "'origin' has type string and '1' has type int32: there is no + for them. Use numbers on both sides.");
  EXPECT_EQ(failure("day * 2 > day"),
            "'day' has type date and '2' has type int32: there is no * for them. Add or subtract whole days to a "
            "date, or "
            "subtract two dates.");
  EXPECT_EQ(failure("-late"),
            "'late' has type boolean and cannot be negated. Use - on numbers only, NOT on conditions.");
  EXPECT_EQ(failure("delay LIKE '1%'"),
            "LIKE compares strings, but 'delay' has type int16. Use =, <, > or BETWEEN.");
  EXPECT_EQ(
      failure("day > '2001-02-30'"),
      "'2001-02-30' is not a date or time: the calendar has no such day. Write it as 2001-02-03 or 2001-02-03 "
      "04:05:06.");
  EXPECT_EQ(failure("delay = '3.5'"),
            "The string '3.5' cannot be read as an int16. Write the number without quotes.");
  EXPECT_EQ(failure("origin LIKE 'a!' ESCAPE '!'"),
            "The pattern of LIKE ends with its escape character. Put a character behind it.");
  EXPECT_EQ(failure("TWIN = 1"),
            "The name 'TWIN' can mean column 'Twin' or column 'twin'. Write it in their case.");
  EXPECT_EQ(failure("Twin = 1"), "compiled");
  EXPECT_EQ(failure("temperature = 1"),
            "Column 'temperature' is not in the table. Its columns are: delay, tiny, day, time, late, ratio, "
            "origin, Twin, "
            "twin.");
}

TEST(Types, OverflowIsRefused) {
  EXPECT_EQ(
      failure("tiny + 1 > 0"),
      "'tiny + 1' does not fit int8 for some values of column 'tiny' (-128 to 127). Write one of its numbers as a "
      "float, such as 60e0.");
  EXPECT_EQ(failure("tiny + 200 > 0"), "compiled") << "200 is no int8, so the sum is an int32";
  EXPECT_EQ(
      failure("delay > 2147483647 + 1"),
      "The result of '2147483647 + 1' does not fit int32. Write one of its numbers as a float, such as 60e0.");
  EXPECT_EQ(failure("tiny * delay > 1"), "compiled");
  EXPECT_EQ(failure("tiny + tiny * delay > 1"), "compiled");
  EXPECT_EQ(
      failure(
          "delay * delay * delay * delay * delay * delay * delay * delay * delay * delay * delay * delay * delay * "
          "delay * delay < twin * delay")
          .substr(0, 60),
      "'delay * delay * delay * delay * delay * delay * delay * del");
  EXPECT_EQ(failure("delay > 200000000000000000000000000000000000000"),
            "The integer '200000000000000000000000000000000000000' is beyond 128 bits. Write it as a float, such "
            "as 1e40.");
}

TEST(Types, WhatIsNotExactIsRefused) {
  EXPECT_EQ(failure("ratio * ratio > 1"),
            "'ratio * ratio > 1' neither only rises nor only falls with column 'ratio', which has more than 65,536 "
            "possible "
            "values: it cannot be decided exactly yet. Write it as comparisons of 'ratio' with constants.");
  EXPECT_EQ(
      failure("ratio + delay > 1"),
      "'ratio + delay' is float arithmetic in a comparison of several columns, which is not exact on every GPU. "
      "Compare float columns directly, or each column with constants.");
  EXPECT_EQ(failure("delay IN (tiny, 1)"),
            "The list of IN holds 'tiny', which is not a constant. Compare with columns by = and join the "
            "conditions with "
            "OR.");
  EXPECT_EQ(failure("origin ILIKE 'a'"), "ILIKE is not supported yet. Use LIKE, which heeds case.");
}

TEST(Types, LongInputIsFine) {
  const TestTable table = [] {
    TestTable t;
    t.add_integers("wide", {.kind = TypeKind::kInteger}, {0, 7, i128{1} << 60, {}});
    return t;
  }();
  std::string list = "7";
  std::string chain = "wide = 7";
  for (int i = 0; i < 20'000; ++i) {
    list += fmt::format(",{}", 1000 + i * 3);
    if (i % 4 == 0) chain += fmt::format(" OR wide = {}", 1000 + i * 3);
  }
  for (const std::string& text : {"wide IN (" + list + ")", chain, "NOT (wide NOT IN (" + list + "))"}) {
    const auto filter = compile_filter(text, table.columns);
    ASSERT_TRUE(filter);
    for (size_t row = 0; row < 4; ++row) EXPECT_EQ(table.keeps(*filter, row), row == 1);
    EXPECT_EQ(filter->bounds[0].first, 7u);
  }
}

TEST(Types, ManyColumnsAreRefused) {
  TestTable t;
  std::string text = "c0 > 0";
  for (int i = 0; i < 33; ++i) {
    t.add_integers(fmt::format("c{}", i), {.kind = TypeKind::kInteger}, {0, 1, {}});
    text += fmt::format(" OR c{} > c{}", i, (i + 1) % 33);
  }
  const auto filter = compile_filter(text, t.columns);
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().message(),
            "The filter reads 33 columns, but at most 32 can be read at once. Use fewer.");
}

TEST(Like, MatchesPatterns) {
  EXPECT_TRUE(matches_like("", "", ""));
  EXPECT_TRUE(matches_like("", "%%", ""));
  EXPECT_FALSE(matches_like("", "_", ""));
  EXPECT_TRUE(matches_like("abcbc", "a%bc", ""));
  EXPECT_TRUE(matches_like("\xc3\xa9\xe6\x97\xa5", "__", ""));
  EXPECT_FALSE(matches_like("\xc3\xa9", "__", ""));
  EXPECT_TRUE(matches_like("100%", "100!%", "!"));
  EXPECT_FALSE(matches_like("1000", "100!%", "!"));
  EXPECT_TRUE(matches_like("a!", "a!!", "!"));
  EXPECT_FALSE(matches_like(std::string(3000, 'a'), "%a%a%a%a%a%a%a%a%b", ""));
}

}  // namespace
}  // namespace shoal::query
