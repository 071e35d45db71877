// Random conditions on random tables: what the formula says of codes is what SQL says of values.
#include <gtest/gtest.h>

#include <cstdlib>

#include "query/evaluate.h"
#include "query/filter_test_random.h"
#include "query/parser.h"
#include "query/types_check.h"

namespace shoal::query {
namespace {

u64 seed_of_run() {
  const char* given = std::getenv("SHOAL_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20'261'123;
}

TEST(FilterProperty, CodesAgreeWithValues) {
  constexpr int kTables = 60;
  constexpr int kConditionsPerTable = 120;
  constexpr size_t kRows = 50;
  int compiled = 0;
  int refused = 0;
  int selective = 0;  // keep some rows and drop some
  for (int i = 0; i < kTables; ++i) {
    const u64 seed = seed_of_run() + static_cast<u64>(i);
    RandomFilters random(seed);
    const TestTable table = random.table(kRows);
    for (int j = 0; j < kConditionsPerTable; ++j) {
      const std::string text = random.condition(table, j % 4);
      SCOPED_TRACE(fmt::format("SHOAL_SEED={} {}", seed, text));
      const auto filter = compile_filter(text, table.columns);
      if (!filter) {
        EXPECT_TRUE(filter.error().code == ErrorCode::kUnsupported ||
                    filter.error().code == ErrorCode::kInvalidArgument)
            << filter.error().message();
        ++refused;
        continue;
      }
      ++compiled;
      const auto typed = check_types(*parse_expression(text), table.columns, text);
      ASSERT_TRUE(typed);
      size_t kept = 0;
      for (size_t row = 0; row < kRows; ++row) {
        const Typed* overflow = nullptr;
        const bool expected = evaluate(typed->root, RowValues(table.row(row)), overflow).is_true();
        if (overflow != nullptr) {  // refused, unless a comparison with NULL makes the number irrelevant
          ASSERT_NE(text.find("NULL"), std::string::npos);
          kept += table.keeps(*filter, row) ? 1u : 0u;
          continue;
        }
        ASSERT_EQ(table.keeps(*filter, row), expected) << "row " << row << "\n" << filter->wgsl;
        if (!expected) continue;
        ++kept;
        for (size_t slot = 0; slot < filter->columns.size(); ++slot) {
          const CodeBounds& bounds = filter->bounds[slot];
          const size_t column = filter->columns[slot];
          if (table.values[column][row].is_null()) {
            ASSERT_TRUE(bounds.null_may_pass) << table.columns[column].name;
          } else {
            ASSERT_GE(table.codes[column][row], bounds.first) << table.columns[column].name;
            ASSERT_LE(table.codes[column][row], bounds.last) << table.columns[column].name;
          }
        }
      }
      if (filter->passes == Passes::kAll) {
        ASSERT_EQ(kept, kRows);
      }
      if (filter->passes == Passes::kNone) {
        ASSERT_EQ(kept, 0u);
      }
      if (kept != 0 && kept != kRows) ++selective;
    }
  }
  std::printf("seed %llu: %d compiled (%d of them selective), %d refused\n",
              static_cast<unsigned long long>(seed_of_run()), compiled, selective, refused);
  EXPECT_GT(compiled, refused);
  EXPECT_GT(selective, compiled / 3);
}

}  // namespace
}  // namespace shoal::query
