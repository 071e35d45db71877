#include "query/expression_aggregate.h"

#include <gtest/gtest.h>

namespace shoal::query {
namespace {

using table::TypeKind;

std::vector<Column> columns() {
  std::vector<Column> columns(4);
  columns[0] = {"delay", {.type = {.kind = TypeKind::kInteger, .bits = 16}}};
  columns[1] = {"date", {.type = {.kind = TypeKind::kTimestamp}}};
  columns[2] = {"Origin Airport", {.type = {.kind = TypeKind::kString}}};
  columns[3] = {"late", {.type = {.kind = TypeKind::kBoolean}}};
  return columns;
}

std::string failure(std::string_view text) {
  const auto parsed = parse_aggregates(text, columns());
  return parsed ? "parsed" : parsed.error().message();
}

TEST(Aggregates, AreParsedAsWritten) {
  const auto list = parse_aggregates(
      "count, COUNT(*),count( ), count(delay) , Sum(delay), avg(DELAY), min(date), max(\"Origin Airport\"), "
      "sum(late)",
      columns());
  ASSERT_TRUE(list) << list.error().message();
  ASSERT_EQ(list->size(), 9u);
  EXPECT_EQ((*list)[0].text, "count");
  EXPECT_FALSE((*list)[1].column);
  EXPECT_EQ((*list)[2].text, "count( )");
  EXPECT_EQ((*list)[3].column, 0u);
  EXPECT_EQ((*list)[4].function, AggregateFunction::kSum);
  EXPECT_EQ((*list)[4].text, "Sum(delay)");
  EXPECT_EQ((*list)[5].function, AggregateFunction::kMean);
  EXPECT_EQ((*list)[6].function, AggregateFunction::kMin);
  EXPECT_EQ((*list)[7].column, 2u);
}

TEST(Aggregates, FailWithCaretAndRemedy) {
  EXPECT_EQ(failure("count, sun(delay)"),
            "The aggregate 'sun' is not known. Did you mean 'sum'? There are count, sum, min, max and mean.\n"
            "    count, sun(delay)\n           ^~~");
  EXPECT_EQ(failure("sum(dealy)"),
            "Column 'dealy' is not in the table. Did you mean 'delay'?\n    sum(dealy)\n        ^~~~~");
  EXPECT_EQ(failure("mean(date)"),
            "Column 'date' has type timestamp[us]: mean does not take it. Use count, min or max.\n"
            "    mean(date)\n         ^~~~");
  EXPECT_EQ(failure("sum"),
            "The list of aggregates ends where ( and the column of sum was expected.\n    sum\n       ^");
  EXPECT_EQ(failure("count(delay"),
            "The list of aggregates ends where ) was expected.\n    count(delay\n               ^");
  EXPECT_EQ(failure("count delay"),
            "Expected a comma or the end here, found 'delay'.\n    count delay\n          ^~~~~");
  EXPECT_EQ(failure("count,"),
            "The list of aggregates ends where an aggregate such as count or mean(delay) was expected.\n"
            "    count,\n          ^");
  EXPECT_EQ(failure("sum(*)"), "Expected a column here, found '*'.\n    sum(*)\n        ^");
}

}  // namespace
}  // namespace shoal::query
