// Aggregates on the GPU are those of the values: every type, adversarial floats, extremes, nulls, chunks, tiers.
#include "query/aggregate_query.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "primitives/float_sum/float_sum_reference.h"
#include "table/test_table.h"

namespace shoal::query {
namespace {

using table::column_of;
using table::RawFormat;
using table::strings;
using table::TypeKind;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr u64 kRowsPerGroup = 300'000;  // more than one chunk with the rows below
constexpr size_t kManyRows = 700'001;

table::MemoryColumn doubles(const std::vector<double>& values) { return table::doubles("x", values); }

class AggregateQueryTest : public testing::TestWithParam<gpu::Tier> {
 protected:
  void SetUp() override {
    auto opened = gpu::NativeGpu::open("software", GetParam(), {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
  }

  void ingest(std::vector<table::MemoryColumn> columns, u64 rows) {
    table_.reset();
    source_ = std::make_unique<table::MemorySource>(std::move(columns), rows, kRowsPerGroup);
    auto planned = table::Table::plan(*source_, 1u << 20);
    ASSERT_TRUE(planned);
    table_ = std::move(*planned);
    table::ingest_all(*gpu_, *source_, *table_);
  }

  // Values as text, and what the plan said.
  std::vector<std::string> query(const std::string& aggregates, const std::string& filter = "") {
    std::vector<Column> columns;
    for (const table::Column& column : table_->columns()) columns.push_back({column.source.name, column.space});
    auto parsed = parse_aggregates(aggregates, columns);
    EXPECT_TRUE(parsed) << parsed.error().message();
    auto compiled = filter.empty() ? filter_of_all() : compile_filter(filter, columns);
    EXPECT_TRUE(compiled) << compiled.error().message();
    AggregatePlan plan = plan_aggregates(*table_, *parsed, *compiled);
    rows_read_ = plan.read.rows;
    measures_ = plan.measures;
    if (plan.measures.empty()) {
      result_ = finish_aggregates(*table_, plan, {});
    } else {
      run(std::move(plan));
    }
    std::vector<std::string> texts;
    for (const Value& value : result_.row) texts.push_back(value.is_null() ? "NULL" : to_text(value));
    return texts;
  }

  void run(AggregatePlan plan) {
    gpu::Device& device = gpu_->device();
    const auto begun = query_.begin(device, *table_, std::move(plan));
    ASSERT_TRUE(begun) << begun.error().message();
    while (!query_.is_ready(device)) ASSERT_NO_FATAL_FAILURE(table::pump(*gpu_));
    gpu::Frame frame(device, "aggregates");
    ASSERT_TRUE(query_.record(frame, *table_));
    const gpu::Ticket ticket = frame.read(query_.results());
    frame.submit();
    for (;;) {
      ASSERT_NO_FATAL_FAILURE(table::pump(*gpu_));
      if (const auto bytes = device.readbacks.take(ticket)) {
        result_ = query_.finish(*table_, *bytes);
        return;
      }
    }
  }

  // The only value of a query, as a number.
  double number(const std::string& aggregate) {
    query(aggregate);
    return result_.row.front().real;
  }

  std::unique_ptr<gpu::NativeGpu> gpu_;
  std::unique_ptr<table::MemorySource> source_;
  std::optional<table::Table> table_;
  AggregateQuery query_;
  AggregateResult result_;
  std::vector<Measure> measures_;
  u64 rows_read_ = 0;
};

using Texts = std::vector<std::string>;

TEST_P(AggregateQueryTest, SumsFloatsToTheLastBit) {
  std::mt19937_64 random(1);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const auto any_finite = [&] {
    for (;;) {
      const double value = std::bit_cast<double>(random());
      // The reference's partial sums must not overflow.
      if (std::isfinite(value) && std::abs(value) < 1e290) return value;
    }
  };
  size_t row = 0;
  const std::pair<const char*, std::function<double()>> kCases[] = {
      {"uniform", uniform},
      {"money", [&] { return std::round((uniform() - 0.5) * 1e6) / 100; }},
      {"any finite", any_finite},
      {"subnormal", [&] { return std::bit_cast<double>((random() & 0x800f'ffff'ffff'ffff)); }},
      {"alternating", [&] { return (++row % 2 == 0 ? 1 : -1) * 1e300; }},
      {"1e16, 1, -1e16", [&] { return ++row % 3 == 0 ? 1e16
                                      : row % 3 == 1 ? 1
                                                     : -1e16; }},
      {"growing", [&] { return std::ldexp(1.0, static_cast<int>(++row % 2000) - 1000); }}};
  for (const auto& [name, next] : kCases) {
    for (const size_t rows : {size_t{1}, size_t{5}, size_t{4097}, size_t{20'000}}) {
      std::vector<double> values(rows);
      for (double& value : values) value = next();
      ASSERT_NO_FATAL_FAILURE(ingest({doubles(values)}, rows));
      ASSERT_EQ(number("sum(x)"), primitives::float_sum_reference(values)) << name << ", " << rows << " rows";
    }
  }
}

TEST_P(AggregateQueryTest, SumsFloatsPastTheLargestAndBack) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  const std::pair<std::vector<double>, double> kCases[] = {
      {{kLargest, kLargest, -kLargest, kSmallest}, kLargest},
      {{kLargest, kLargest}, kInfinity},
      {{-kLargest, -kLargest}, -kInfinity},
      {{kLargest, kLargest, kLargest, -kLargest, -kLargest, -kLargest, -kSmallest}, -kSmallest},
      {{0.0, -0.0}, 0},
      {{1, 0x1p-53}, 1},
      {{1, 0x1p-53, kSmallest}, 1 + 0x1p-52},
      {{1, -kSmallest}, 1},
      {{1e300, kInfinity, -1e300}, kInfinity},
      {{-kInfinity, 5}, -kInfinity}};
  for (const auto& [values, sum] : kCases) {
    ASSERT_NO_FATAL_FAILURE(ingest({doubles(values)}, values.size()));
    EXPECT_EQ(number("sum(x)"), sum) << testing::PrintToString(values);
  }
  for (const std::vector<double>& values : {std::vector<double>{kInfinity, -kInfinity}, {1, kNan, 2}, {kNan}}) {
    ASSERT_NO_FATAL_FAILURE(ingest({doubles(values)}, values.size()));
    EXPECT_TRUE(std::isnan(number("sum(x)"))) << testing::PrintToString(values);
    EXPECT_TRUE(std::isnan(number("mean(x)")));
  }
  ASSERT_NO_FATAL_FAILURE(ingest({doubles({0.1, 0.2, 0.3})}, 3));
  EXPECT_EQ(number("mean(x)"), 0.2);
  ASSERT_NO_FATAL_FAILURE(ingest({doubles({kLargest, kLargest})}, 2));
  EXPECT_EQ(number("mean(x)"), kLargest);
}

TEST_P(AggregateQueryTest, NanIsAboveEveryNumber) {
  ASSERT_NO_FATAL_FAILURE(ingest({doubles({1.5, kNan, -kInfinity, kInfinity})}, 4));
  EXPECT_EQ(query("min(x), max(x), count(x)"), (Texts{"-Infinity", "NaN", "4"}));
  ASSERT_NO_FATAL_FAILURE(ingest({doubles({kNan, -kNan})}, 2));
  EXPECT_EQ(query("min(x), max(x)"), (Texts{"NaN", "NaN"}));
}

TEST_P(AggregateQueryTest, SumsFloat32AsTheirValues) {
  constexpr float kTiny = std::numeric_limits<float>::denorm_min();
  const std::vector<float> values = {0.1f, kTiny, 3e38f, 3e38f, -3e38f, -2 * kTiny, -3e38f};
  ASSERT_NO_FATAL_FAILURE(
      ingest({column_of("x", {.kind = TypeKind::kFloat, .bits = 32}, RawFormat::kF32, values)}, values.size()));
  EXPECT_EQ(number("sum(x)"), static_cast<double>(0.1f));
  EXPECT_EQ(query("min(x), max(x)"), (Texts{"-3e+38", "3e+38"}));
}

TEST_P(AggregateQueryTest, IntegersAtTheirExtremes) {
  constexpr i64 kLowest = std::numeric_limits<i64>::min(), kHighest = std::numeric_limits<i64>::max();
  ASSERT_NO_FATAL_FAILURE(ingest({column_of("s", {.kind = TypeKind::kInteger}, RawFormat::kI64,
                                            std::vector<i64>{kLowest, kLowest, kHighest, 7}),
                                  column_of("u", {.kind = TypeKind::kInteger, .is_signed = false}, RawFormat::kU64,
                                            std::vector<u64>{~u64{0}, ~u64{0}, u64{1} << 63, 1})},
                                 4));
  EXPECT_EQ(query("sum(s), min(s), max(s), mean(s)"), (Texts{"-9223372036854775802", "-9223372036854775808",
                                                             "9223372036854775807", "-2.305843009213694e+18"}));
  EXPECT_EQ(query("sum(u), min(u), max(u), mean(u)"),
            (Texts{"46116860184273879039", "1", "18446744073709551615", "1.152921504606847e+19"}));
  EXPECT_EQ(query("count, sum(s), sum(u)", "u > 9223372036854775808"),
            (Texts{"2", "-18446744073709551616", "36893488147419103230"}));
}

TEST_P(AggregateQueryTest, ManyRowsInSeveralChunksFiltered) {
  std::mt19937_64 random(3);
  std::vector<i32> delay(kManyRows);
  std::vector<i64> date(kManyRows), wide(kManyRows);
  std::vector<double> price(kManyRows);
  std::vector<std::string> origin(kManyRows);
  const std::vector<std::string> names = {"SFO", "OAK", "", "ÄÖ", "Oak", "ABE"};
  std::vector<bool> is_null(kManyRows);
  for (size_t i = 0; i < kManyRows; ++i) {
    delay[i] = static_cast<i32>(random() % 500) - 100;
    date[i] = (static_cast<i64>(i / 10) - 20'000) * 60'000'000;  // whole minutes, ascending
    wide[i] = static_cast<i64>(random());
    price[i] = static_cast<double>(random() % 1'000'000) / 100;
    origin[i] = names[1 + random() % (names.size() - 1)];
    is_null[i] = random() % 5 == 0;
  }
  table::MemoryColumn nullable = column_of("n", {.kind = TypeKind::kInteger}, RawFormat::kI64, wide);
  nullable.is_null = is_null;
  table::MemoryColumn places = strings("origin", origin);
  places.is_null = is_null;
  ASSERT_NO_FATAL_FAILURE(ingest(
      {column_of("delay", {.kind = TypeKind::kInteger, .bits = 32}, RawFormat::kI32, delay),
       column_of("date", {.kind = TypeKind::kTimestamp}, RawFormat::kI64, date), doubles(price), nullable, places},
      kManyRows));
  const auto expected = [&](const std::function<bool(size_t)>& passes) {
    i128 delay_sum = 0, wide_sum = 0;
    u64 count = 0, values = 0;
    std::vector<double> prices;
    Value first_date, last_date;
    std::string first_origin, last_origin;
    for (size_t i = 0; i < kManyRows; ++i) {
      if (!passes(i)) continue;
      ++count;
      delay_sum += delay[i];
      prices.push_back(price[i]);
      last_date = timestamp_value(date[i], table::TimeUnit::kMicro);
      if (first_date.is_null()) first_date = last_date;
      if (is_null[i]) continue;
      wide_sum += wide[i];
      if (values == 0 || origin[i] < first_origin) first_origin = origin[i];
      if (values == 0 || origin[i] > last_origin) last_origin = origin[i];
      ++values;
    }
    const double mean = static_cast<double>(static_cast<long double>(delay_sum) / static_cast<long double>(count));
    return Texts{integer_text(static_cast<i128>(count)),
                 integer_text(static_cast<i128>(values)),
                 integer_text(delay_sum),
                 to_text(float64_value(mean)),
                 integer_text(wide_sum),
                 to_text(float64_value(primitives::float_sum_reference(prices))),
                 to_text(first_date),
                 to_text(last_date),
                 first_origin,
                 last_origin};
  };
  const std::string kAll =
      "count, count(n), sum(delay), mean(delay), sum(n), sum(x), min(date), max(date), min(origin), max(origin)";
  EXPECT_EQ(query(kAll), expected([](size_t) { return true; }));
  EXPECT_EQ(rows_read_, kManyRows);
  EXPECT_EQ(query(kAll, "delay > 60"), expected([&](size_t i) { return delay[i] > 60; }));
  EXPECT_EQ(query(kAll, "date < TIMESTAMP '1970-01-01' AND x >= 5000.5"),
            expected([&](size_t i) { return date[i] < 0 && price[i] >= 5000.5; }));
  // 200,000 rows lie before 1970: 49 blocks of the first chunk.
  EXPECT_EQ(rows_read_, 49u * 4096u);
  EXPECT_EQ(query(kAll, "n IS NOT NULL AND n > 0 AND delay <> 3"),
            expected([&](size_t i) { return !is_null[i] && wide[i] > 0 && delay[i] != 3; }));
  EXPECT_EQ(query("count, sum(delay), min(origin)", "date >= TIMESTAMP '2100-01-01'"),
            (Texts{"0", "NULL", "NULL"}));
  EXPECT_EQ(rows_read_, 0u);
  EXPECT_TRUE(measures_.empty());
}

TEST_P(AggregateQueryTest, BooleansAndDates) {
  ASSERT_NO_FATAL_FAILURE(
      ingest({column_of("b", {.kind = TypeKind::kBoolean}, RawFormat::kU32, std::vector<u32>{1, 0, 1}),
              column_of("d", {.kind = TypeKind::kDate}, RawFormat::kI32, std::vector<i32>{-1, 0, 20'000})},
             3));
  EXPECT_EQ(query("min(b), max(b), sum(b), min(d), max(d)"),
            (Texts{"false", "true", "2", "1969-12-31", "2024-10-04"}));
  EXPECT_EQ(query("count(b), max(d)", "b = false"), (Texts{"1", "1970-01-01"}));
}

TEST_P(AggregateQueryTest, OverNothingAllButCountsAreNull) {
  const std::string kAll = "count, count(x), sum(x), mean(x), min(x), max(x), count(t), min(t), max(t)";
  const auto expected = [](const std::string& rows) {
    return Texts{rows, "0", "NULL", "NULL", "NULL", "NULL", "0", "NULL", "NULL"};
  };
  table::MemoryColumn numbers = doubles({1, 2, 3});
  table::MemoryColumn texts = strings("t", {"", "", ""});
  numbers.is_null = texts.is_null = {true, true, true};
  ASSERT_NO_FATAL_FAILURE(ingest({numbers, texts}, 3));
  EXPECT_EQ(query(kAll), expected("3"));
  EXPECT_EQ(query(kAll, "x IS NULL"), expected("3"));
  EXPECT_EQ(query(kAll, "x > 0"), expected("0"));
  ASSERT_NO_FATAL_FAILURE(ingest({doubles({}), strings("t", {})}, 0));
  EXPECT_EQ(query(kAll), expected("0"));
}

TEST_P(AggregateQueryTest, CountsOfAllRowsNeedNoGpu) {
  ASSERT_NO_FATAL_FAILURE(ingest({doubles({1, 2, 3})}, 3));
  EXPECT_EQ(query("count, count(*), count(x)"), (Texts{"3", "3", "3"}));
  EXPECT_TRUE(measures_.empty());
  query("sum(x), mean(x), count(x), count", "x > 1.5");
  EXPECT_EQ(measures_, (std::vector<Measure>{{.column = 0, .float_sum = true}}));
}

TEST_P(AggregateQueryTest, RefusesMoreColumnsThanAPassBinds) {
  std::vector<table::MemoryColumn> columns;
  for (int i = 0; i < 7; ++i) {
    columns.push_back(
        column_of(fmt::format("c{}", i), {.kind = TypeKind::kInteger}, RawFormat::kI64, std::vector<i64>{1, 2}));
  }
  ASSERT_NO_FATAL_FAILURE(ingest(columns, 2));
  const std::string kSix = "c0 + c1 + c2 + c3 + c4 + c5 > 6";
  EXPECT_EQ(query("count, sum(c5)", kSix), (Texts{"1", "2"}));
  std::vector<Column> described;
  for (const table::Column& column : table_->columns()) described.push_back({column.source.name, column.space});
  const auto begun = query_.begin(
      gpu_->device(), *table_,
      plan_aggregates(*table_, *parse_aggregates("sum(c6)", described), *compile_filter(kSix, described)));
  ASSERT_FALSE(begun);
  EXPECT_EQ(
      begun.error().message(),
      "The query reads 7 columns at once (an aggregate's and the filter's), and one pass over the rows reads at "
      "most 6. Use fewer columns in the filter.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, AggregateQueryTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum),
                         [](const auto& tier) { return tier.param == gpu::Tier::kFull ? "full" : "minimum"; });

}  // namespace
}  // namespace shoal::query
