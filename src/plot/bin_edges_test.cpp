// The GPU counts a row into the bin that its value lies in: every type, form of bins and part of an axis.
#include "plot/bin_edges.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>

#include "query/density_query.h"
#include "table/test_table.h"

namespace shoal::plot {
namespace {

constexpr u32 kOutside = 0xfffffffdu;
constexpr size_t kRows = 30'000;

// One column, and for a domain of it the bin of each row by its value alone.
struct Subject {
  table::MemoryColumn column;
  std::function<u32(const Domain&, u32 bins, size_t row)> bin_of;
};

// The last bin that begins at or before a value.
u32 last_bin(u32 bins, const std::function<bool(u32)>& begins_before) {
  u32 low = 0;
  for (u32 high = bins; low + 1 < high;) {
    const u32 middle = (low + high) / 2;
    (begins_before(middle) ? low : high) = middle;
  }
  return low;
}

u32 bin_of_integer(const Domain& domain, u32 bins, i128 value) {
  if (value < domain.low || value >= domain.high) return kOutside;
  const i128 step = static_cast<i128>(domain.step);
  const i128 bands = (domain.high - domain.low) / step, band = (value - domain.low) / step;
  return last_bin(bins, [&](u32 bin) { return static_cast<i128>(bin) * bands / bins <= band; });
}

u32 bin_of_float(const Domain& domain, u32 bins, double value) {
  if (!(value >= domain.float_low && value < domain.float_high)) return kOutside;
  const double width = domain.float_high - domain.float_low;
  return last_bin(bins, [&](u32 bin) {
    return domain.float_low + width * (static_cast<double>(bin) / static_cast<double>(bins)) <= value;
  });
}

Subject integer_subject(std::string name, std::vector<i64> values, table::ColumnType type) {
  table::MemoryColumn column = table::column_of(std::move(name), type, table::RawFormat::kI64, values);
  return {std::move(column), [values](const Domain& domain, u32 bins, size_t row) {
            return bin_of_integer(domain, bins, values[row]);
          }};
}

template <class T>
Subject float_subject(std::string name, std::vector<T> values, table::RawFormat raw) {
  table::MemoryColumn column = table::column_of(std::move(name), {.kind = table::TypeKind::kFloat}, raw, values);
  return {std::move(column), [values](const Domain& domain, u32 bins, size_t row) {
            return bin_of_float(domain, bins, static_cast<double>(values[row]));
          }};
}

std::vector<Subject> subjects() {
  std::mt19937_64 random(5);
  const auto many = [&](auto&& value) {
    std::vector<i64> values(kRows);
    for (size_t row = 0; row < kRows; ++row) values[row] = value(row);
    return values;
  };
  const auto below = [&](u64 end) { return static_cast<i64>(random() % end); };
  const table::ColumnType integer{.kind = table::TypeKind::kInteger};
  std::vector<Subject> all;
  all.push_back(integer_subject("few", many([&](size_t) { return below(200) - 100; }), integer));
  all.push_back(integer_subject("tens", many([&](size_t) { return 10 * below(3000) + 7; }), integer));
  all.push_back(integer_subject("sorted", many([&](size_t row) { return static_cast<i64>(row / 3); }), integer));
  all.push_back(integer_subject("many", many([&](size_t) { return below(3'000'000'000) - 7; }), integer));
  all.push_back(integer_subject("wide", many([&](size_t) { return static_cast<i64>(random()); }), integer));
  all.push_back(integer_subject("times", many([&](size_t) { return 60'000 * below(500'000) - 1'000'000'000; }),
                                {.kind = table::TypeKind::kTimestamp, .unit = table::TimeUnit::kMilli}));
  std::vector<float> narrow(kRows);
  std::vector<double> wide(kRows);
  for (size_t row = 0; row < kRows; ++row) {
    narrow[row] = static_cast<float>(static_cast<double>(below(1'000'000)) / 997.0 - 300.0);
    wide[row] = std::ldexp(static_cast<double>(below(1'000'000'000)) - 4e8, static_cast<int>(row % 40) - 20);
  }
  narrow[3] = std::numeric_limits<float>::quiet_NaN();
  wide[4] = std::numeric_limits<double>::infinity();
  all.push_back(float_subject("f32", narrow, table::RawFormat::kF32));
  all.push_back(float_subject("f64", wide, table::RawFormat::kF64));
  std::vector<std::string> words(kRows);
  for (std::string& word : words) word = fmt::format("w{}", below(700));
  std::vector<std::string> ranked = words;
  std::ranges::sort(ranked);
  ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
  all.push_back({table::strings("word", words), [words, ranked](const Domain& domain, u32 bins, size_t row) {
                   return bin_of_integer(domain, bins,
                                         std::ranges::lower_bound(ranked, words[row]) - ranked.begin());
                 }});
  for (size_t row = 0; row < kRows; ++row) {
    for (Subject& subject : all) {
      if (subject.column.name == "few" || subject.column.name == "f64") {
        subject.column.is_null.push_back(row % 11 == 0);
      }
    }
  }
  return all;
}

class BinEdgesTest : public testing::TestWithParam<gpu::Tier> {
 protected:
  void SetUp() override {
    auto opened = gpu::NativeGpu::open("software", GetParam(), {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
    subjects_ = subjects();
    std::vector<table::MemoryColumn> columns;
    for (const Subject& subject : subjects_) columns.push_back(subject.column);
    source_ = std::make_unique<table::MemorySource>(std::move(columns), kRows, 20'000);
    auto planned = table::Table::plan(*source_, 1u << 20);
    ASSERT_TRUE(planned);
    table_ = std::move(*planned);
    table::ingest_all(*gpu_, *source_, *table_);
  }

  // Counts and tally of column x over y in these domains.
  std::vector<u32> count(size_t x, size_t y, const AxisBinning& x_bins, const AxisBinning& y_bins) {
    gpu::Device& device = gpu_->device();
    const auto begun = query_.begin(
        device, *table_,
        {.x = x, .y = y, .x_bins = x_bins.edges, .y_bins = y_bins.edges, .filter = query::filter_of_all()});
    EXPECT_TRUE(begun) << begun.error().message();
    while (!query_.is_ready()) table::pump(*gpu_);
    gpu::Frame frame(device, "density");
    query_.record(frame, *table_);
    const gpu::Ticket ticket = frame.read(query_.counts());
    frame.submit();
    for (;;) {
      table::pump(*gpu_);
      if (const auto bytes = device.readbacks.take(ticket)) {
        std::vector<u32> words(query_.bin_count() + 4);
        std::memcpy(words.data(), bytes->data(), words.size() * 4);
        return words;
      }
    }
  }

  bool is_null(size_t subject, size_t row) const {
    const std::vector<bool>& nulls = subjects_[subject].column.is_null;
    return !nulls.empty() && nulls[row];
  }

  void expect_counts(size_t x, size_t y, const Domain& x_domain, const Domain& y_domain, u32 most_bins) {
    const auto x_bins = bin_axis(x_domain, table_->columns()[x].space, most_bins);
    const auto y_bins = bin_axis(y_domain, table_->columns()[y].space, 9);
    ASSERT_TRUE(x_bins && y_bins);
    const u32 width = x_bins->edges.bin_count, height = y_bins->edges.bin_count;
    std::vector<u32> wanted(size_t{width} * height + 4);
    u32* const tally = wanted.data() + size_t{width} * height;
    for (size_t row = 0; row < kRows; ++row) {
      const u32 bin_x = subjects_[x].bin_of(x_domain, width, row),
                bin_y = subjects_[y].bin_of(y_domain, height, row);
      if (is_null(x, row) || is_null(y, row)) {
        ++tally[1];
      } else if (bin_x == kOutside || bin_y == kOutside) {
        ++tally[2];
      } else {
        ++wanted[size_t{bin_y} * width + bin_x];
        ++tally[0];
      }
    }
    tally[3] = static_cast<u32>(kRows);
    EXPECT_EQ(count(x, y, *x_bins, *y_bins), wanted)
        << subjects_[x].column.name << " by " << subjects_[y].column.name << ", " << width << " bins";
  }

  std::unique_ptr<gpu::NativeGpu> gpu_;
  std::vector<Subject> subjects_;
  std::unique_ptr<table::MemorySource> source_;
  std::optional<table::Table> table_;
  query::DensityQuery query_;
};

TEST_P(BinEdgesTest, CountEveryRowWhereItsValueLies) {
  for (size_t x = 0; x < subjects_.size(); ++x) {
    const size_t y = (x + 1) % subjects_.size();
    const Domain whole = domain_of_column(table_->columns()[x].space);
    const Domain y_whole = domain_of_column(table_->columns()[y].space);
    for (const u32 most_bins : {1u, 7u, 600u, 5000u}) {
      ASSERT_NO_FATAL_FAILURE(expect_counts(x, y, whole, y_whole, most_bins));
    }
    ASSERT_NO_FATAL_FAILURE(
        expect_counts(x, y, zoom(whole, 0.3, 0.37, whole), zoom(y_whole, 0.9, 0.5, y_whole), 333));
    ASSERT_NO_FATAL_FAILURE(expect_counts(x, y, zoom(whole, 1.0, 0.01, whole), y_whole, 333));
  }
}

TEST_P(BinEdgesTest, CountInDomainsThatCutCodesUnevenly) {
  const auto index = [this](std::string_view name) { return *table_->find(name); };
  for (const char* name : {"few", "tens", "sorted", "many", "wide"}) {
    const size_t x = index(name), y = index("f32");
    const Domain y_whole = domain_of_column(table_->columns()[y].space);
    for (const auto& [low, high] :
         {std::pair<i128, i128>{-3, 1234}, {5, 5}, {-1'000'000, 1'000'000}, {400'000, 500'000}}) {
      ASSERT_NO_FATAL_FAILURE(expect_counts(x, y, integer_domain(low, high), y_whole, 100));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, BinEdgesTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::plot
