// The first rows that pass, against the values: limits around chunks, types, nulls, many columns, tiers.
#include "query/rows_query.h"

#include <random>

#include <gtest/gtest.h>

#include "query/column_list.h"
#include "table/test_table.h"

namespace shoal::query {
namespace {

constexpr u64 kRowsPerGroup = 300'000;
constexpr u32 kRows = 700'001;  // several chunks, the last not full

class RowsQueryTest : public testing::TestWithParam<gpu::Tier> {
 protected:
  void SetUp() override {
    auto opened = gpu::NativeGpu::open("software", GetParam(), {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
  }

  void ingest(std::vector<table::MemoryColumn> columns, u64 rows) {
    source_ = std::make_unique<table::MemorySource>(std::move(columns), rows, kRowsPerGroup);
    auto planned = table::Table::plan(*source_, 1u << 20);
    ASSERT_TRUE(planned);
    table_ = std::move(*planned);
    table::ingest_all(*gpu_, *source_, *table_);
  }

  // Rows as text, values with a space between. `columns` by index.
  std::vector<std::string> first_rows(const std::string& filter, std::vector<size_t> columns, u32 limit) {
    std::vector<Column> known;
    for (const table::Column& column : table_->columns()) known.push_back({column.source.name, column.space});
    auto compiled = filter.empty() ? filter_of_all() : compile_filter(filter, known);
    EXPECT_TRUE(compiled) << compiled.error().message();
    BlocksToRead read = prune_blocks(*table_, *compiled);
    passed_ = 0;
    if (read.chunks.empty()) return {};
    run({.filter = *compiled, .read = std::move(read), .columns = std::move(columns), .limit = limit});
    std::vector<std::string> texts;
    for (const auto& row : result_.rows) {
      std::string text;
      for (const Value& value : row)
        text += (text.empty() ? "" : " ") + (value.is_null() ? "NULL" : to_text(value));
      texts.push_back(std::move(text));
    }
    passed_ = result_.rows_passed;
    return texts;
  }

  void run(RowsPlan plan) {
    gpu::Device& device = gpu_->device();
    RowsQuery query;
    const auto begun = query.begin(device, *table_, std::move(plan));
    ASSERT_TRUE(begun) << begun.error().message();
    while (!query.is_ready(device)) ASSERT_NO_FATAL_FAILURE(table::pump(*gpu_));
    gpu::Frame frame(device, "rows");
    const auto recorded = query.record(frame, *table_);
    ASSERT_TRUE(recorded) << recorded.error().message();
    const gpu::Ticket ticket = frame.read(query.results());
    frame.submit();
    for (;;) {
      ASSERT_NO_FATAL_FAILURE(table::pump(*gpu_));
      if (const auto bytes = device.readbacks.take(ticket)) {
        auto finished = query.finish(*table_, *bytes);
        ASSERT_TRUE(finished) << finished.error().message();
        result_ = std::move(*finished);
        return;
      }
    }
  }

  std::unique_ptr<gpu::NativeGpu> gpu_;
  std::unique_ptr<table::MemorySource> source_;
  std::optional<table::Table> table_;
  RowsResult result_;
  u64 passed_ = 0;
};

TEST_P(RowsQueryTest, AreThoseOfTheValuesInTheirOrder) {
  std::mt19937_64 random(5);
  std::vector<i64> narrow(kRows), wide(kRows), place(kRows);
  for (u32 row = 0; row < kRows; ++row) {
    narrow[row] = static_cast<i64>(random() % 1000);
    wide[row] = static_cast<i64>(random() >> 1);
    place[row] = row;
  }
  ASSERT_NO_FATAL_FAILURE(ingest(
      {table::integers("narrow", narrow), table::integers("wide", wide), table::integers("place", place)}, kRows));
  std::vector<std::string> expected;
  for (u32 row = 0; row < kRows; ++row) {
    if (narrow[row] < 500) expected.push_back(fmt::format("{} {} {}", place[row], wide[row], narrow[row]));
  }
  for (const u32 limit : {1u, 255u, 257u, 200'000u, 400'000u}) {
    const std::vector<std::string> rows = first_rows("narrow < 500", {2, 1, 0}, limit);
    const size_t kept = std::min<size_t>(limit, expected.size());
    EXPECT_EQ(rows, std::vector(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(kept))) << limit;
    EXPECT_EQ(passed_, expected.size());
  }
}

TEST_P(RowsQueryTest, SkipsBlocksThatZoneMapsRuleOut) {
  std::vector<i64> place(kRows);
  for (u32 row = 0; row < kRows; ++row) place[row] = row;
  ASSERT_NO_FATAL_FAILURE(ingest({table::integers("place", place)}, kRows));
  EXPECT_EQ(first_rows("place >= 699999", {0}, 10), (std::vector<std::string>{"699999", "700000"}));
  EXPECT_EQ(first_rows("place = 4095 OR place = 300000", {0}, 10), (std::vector<std::string>{"4095", "300000"}));
  EXPECT_EQ(passed_, 2u);
  EXPECT_TRUE(first_rows("place > 700000", {0}, 10).empty());
}

TEST_P(RowsQueryTest, HaveNullsStringsFloatsAndMoreColumnsThanAPassBinds) {
  constexpr u32 kFew = 1000;
  std::vector<i64> place(kFew);
  std::vector<double> real(kFew);
  std::vector<std::string> text(kFew);
  std::vector<bool> is_null(kFew);
  for (u32 row = 0; row < kFew; ++row) {
    place[row] = row;
    real[row] = row / 3.0 - 100;
    text[row] = fmt::format("t{}", row % 7);
    is_null[row] = row % 3 == 0;
  }
  table::MemoryColumn real_column = table::doubles("real", real), text_column = table::strings("text", text);
  real_column.is_null = is_null;
  text_column.is_null = is_null;
  ASSERT_NO_FATAL_FAILURE(
      ingest({table::integers("place", place), std::move(real_column), std::move(text_column)}, kFew));
  const std::vector<std::string> rows = first_rows("", {0, 1, 2, 0, 1, 2, 0, 1}, 2000);
  ASSERT_EQ(rows.size(), kFew);
  EXPECT_EQ(passed_, kFew);
  for (u32 row = 0; row < kFew; ++row) {
    const std::string number = is_null[row] ? "NULL" : to_text(float64_value(real[row]));
    const std::string word = is_null[row] ? "NULL" : text[row];
    EXPECT_EQ(rows[row], fmt::format("{0} {1} {2} {0} {1} {2} {0} {1}", row, number, word));
  }
  EXPECT_EQ(first_rows("real IS NULL", {0}, 3), (std::vector<std::string>{"0", "3", "6"}));
}

TEST_P(RowsQueryTest, RefusesWhatDoesNotFitABinding) {
  ASSERT_NO_FATAL_FAILURE(ingest({table::integers("place", {1, 2, 3})}, 3));
  RowsQuery query;
  const auto begun = query.begin(gpu_->device(), *table_,
                                 {.filter = filter_of_all(),
                                  .read = prune_blocks(*table_, filter_of_all()),
                                  .columns = std::vector<size_t>(1000, 0),
                                  .limit = RowsQuery::kMostRows});
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(begun.error().message().find("1000 columns"), std::string::npos) << begun.error().message();
}

TEST(ColumnList, NamesAreWordsOrQuoted) {
  const std::vector<Column> columns = {{"delay", {}}, {"air time", {}}};
  EXPECT_EQ(parse_columns("\"air time\" , delay", columns), (std::vector<size_t>{1, 0}));
  for (const char* wrong : {"", "delay,", "delay delay", "60", "dealy", "'delay'"}) {
    const auto parsed = parse_columns(wrong, columns);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_NE(parsed.error().message().find('^'), std::string::npos) << parsed.error().message();
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, RowsQueryTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum),
                         [](const auto& tier) { return tier.param == gpu::Tier::kFull ? "Full" : "Minimum"; });

}  // namespace
}  // namespace shoal::query
