// Compares what the reader gives with what pyarrow wrote: see testdata/make_parquet.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "formats/open_file.h"
#include "formats/parquet/read_all.h"
#include "formats/parquet/test_file.h"

namespace shoal::formats {
namespace {

namespace fs = std::filesystem;

struct ExpectedColumn {
  std::string name;
  std::string type;
  u32 width = 0;
  std::vector<u8> validity;
  std::vector<std::byte> values;
  std::vector<std::string> strings;
};

class ExpectedReader {
 public:
  explicit ExpectedReader(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  std::vector<ExpectedColumn> columns() {
    std::vector<ExpectedColumn> columns(number<u32>());
    for (ExpectedColumn& column : columns) {
      column.name = text();
      column.type = text();
      column.width = number<u32>();
      const u64 rows = number<u64>();
      for (u64 row = 0; row < rows; ++row) column.validity.push_back(number<u8>());
      for (u64 row = 0; row < rows && column.width == 0; ++row) column.strings.push_back(text());
      const auto values = std::span(bytes_).subspan(at_, static_cast<size_t>(rows * column.width));
      column.values.assign(values.begin(), values.end());
      at_ += values.size();
    }
    EXPECT_EQ(at_, bytes_.size());
    return columns;
  }

 private:
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string text() {
    const u32 size = number<u32>();
    at_ += size;
    return {reinterpret_cast<const char*>(bytes_.data()) + at_ - size, size};
  }

  std::vector<std::byte> bytes_;
  size_t at_ = 0;
};

template <class Raw, class Bound>
std::optional<table::StatedRange> range_of(const ExpectedColumn& column) {
  std::optional<std::pair<Bound, Bound>> bounds;
  for (size_t row = 0; row < column.validity.size(); ++row) {
    Raw value;
    std::memcpy(&value, column.values.data() + row * sizeof value, sizeof value);
    if (column.validity[row] == 0 || value != value) continue;
    if (!bounds) bounds.emplace(static_cast<Bound>(value), static_cast<Bound>(value));
    bounds->first = std::min(bounds->first, static_cast<Bound>(value));
    bounds->second = std::max(bounds->second, static_cast<Bound>(value));
  }
  if (!bounds) return std::nullopt;
  return table::StatedRange{*bounds};
}

std::optional<table::StatedRange> true_range(const ExpectedColumn& column, table::RawFormat raw) {
  switch (raw) {
    case table::RawFormat::kI32: return range_of<i32, i128>(column);
    case table::RawFormat::kU32: return range_of<u32, i128>(column);
    case table::RawFormat::kI64: return range_of<i64, i128>(column);
    case table::RawFormat::kU64: return range_of<u64, i128>(column);
    case table::RawFormat::kF32: return range_of<float, double>(column);
    case table::RawFormat::kF64: return range_of<double, double>(column);
  }
  return std::nullopt;
}

void expect_column(const table::ChunkSource& source, std::span<const std::byte> file, size_t index,
                   const ExpectedColumn& expected, bool has_statistics = true) {
  const table::SourceColumn& column = source.columns()[index];
  EXPECT_EQ(column.name, expected.name);
  if (expected.type == "unsupported" || expected.type == "null") {
    EXPECT_NE(column.unsupported.find("'" + expected.name + "'"), std::string::npos) << column.unsupported;
    table::Dictionary unused;
    EXPECT_FALSE(source.decode(0, index, &unused));
    return;
  }
  EXPECT_EQ(column.unsupported, "");
  EXPECT_EQ(table::type_name(column.type), expected.type);
  table::Dictionary dictionary;
  const auto all = read_all(source, file, index, dictionary);
  ASSERT_TRUE(all) << all.error().message();
  EXPECT_EQ(all->validity, expected.validity);
  const u64 nulls = static_cast<u64>(std::ranges::count(expected.validity, 0));
  EXPECT_EQ(all->nulls, nulls);
  EXPECT_TRUE(column.nullable || nulls == 0);
  if (expected.width > 0) {
    EXPECT_EQ(table::raw_size_bytes(column.raw), expected.width);
    EXPECT_TRUE(all->values == expected.values);
    const auto range = true_range(expected, column.raw);
    EXPECT_TRUE(!column.range || (range && range->bounds == column.range->bounds));
    // pyarrow states none where it was told so, and for INT96.
    EXPECT_TRUE(column.range || !range || !has_statistics);
    return;
  }
  // Codes follow the order of first appearance, and every entry of the dictionary appears.
  u32 next_code = 0;
  ASSERT_EQ(all->values.size(), expected.strings.size() * 4);
  for (size_t row = 0; row < expected.strings.size(); ++row) {
    u32 code;
    std::memcpy(&code, all->values.data() + row * 4, 4);
    if (expected.validity[row] == 0) {
      ASSERT_EQ(code, 0u);
      continue;
    }
    ASSERT_LE(code, next_code) << row;
    ASSERT_EQ(dictionary[code], expected.strings[row]) << row;
    if (code == next_code) ++next_code;
  }
  EXPECT_EQ(dictionary.size(), next_code);
}

TEST(Parquet, ReadsWhatPyarrowWrote) {
  size_t files = 0;
  std::string loaded;
  std::vector<ExpectedColumn> expected;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(SHOAL_TESTDATA)) {
    if (entry.path().extension() == ".parquet") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const fs::path& path : paths) {
    SCOPED_TRACE(path.filename().string());
    const std::string stem = path.stem().string();
    const std::string content = stem.substr(0, stem.find("__"));
    if (content != loaded) {
      expected = ExpectedReader(read_test_file(content + ".expected")).columns();
      loaded = content;
    }
    const auto file = read_test_file(path.filename().string());
    const auto source = open_bytes(file);
    ASSERT_TRUE(source) << source.error().message();
    ASSERT_EQ((*source)->columns().size(), expected.size());
    const bool has_statistics = content != "int96" && stem != "statistics__off";
    for (size_t i = 0; i < expected.size(); ++i) expect_column(**source, file, i, expected[i], has_statistics);
    ++files;
  }
  EXPECT_GT(files, 250u);
}

TEST(Parquet, AsksForLargeChunksInWindowsAndForSmallOnesWhole) {
  const auto file = read_test_file("large__uncompressed.parquet");
  const auto expected = ExpectedReader(read_test_file("large.expected")).columns();
  const auto whole = open_bytes(file);
  ASSERT_TRUE(whole) << whole.error().message();
  // Whatever is accepted, windows of 3 MB and pages of 2.4 MB give the same rows.
  const auto windowed = open_bytes(file, {.most_page_bytes = 3'000'000});
  ASSERT_TRUE(windowed) << windowed.error().message();
  table::Dictionary dictionary;
  EXPECT_EQ(read_all(**whole, file, 1, dictionary)->requests, 1u);
  const auto tight = open_bytes(file, {.most_page_bytes = 1'000'000});
  const auto refused = read_all(**tight, file, 1, dictionary);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(refused.error().message().find("Column 'overflow' in row group 0 of test.parquet cannot be read"),
            std::string::npos)
      << refused.error().message();
  EXPECT_NE(refused.error().message().find("Write the file with smaller pages"), std::string::npos);
  for (const char* name : {"large__groups.parquet", "large__one_dictionary.parquet", "large__defaults.parquet"}) {
    SCOPED_TRACE(name);
    const auto bytes = read_test_file(name);
    const auto source =
        open_bytes(bytes, {.most_page_bytes = 8'000'000, .whole_chunk_bytes = 0, .window_bytes = 50'000});
    ASSERT_TRUE(source);
    for (size_t i = 0; i < expected.size(); ++i) expect_column(**source, bytes, i, expected[i]);
  }
}

TEST(Parquet, StatesRangesAndNullsFromTheFooter) {
  const auto with = read_test_file("statistics__on.parquet");
  const auto source = open_bytes(with);
  ASSERT_TRUE(source);
  const auto columns = (*source)->columns();
  ASSERT_TRUE(columns[0].range && columns[1].range && columns[2].range);
  EXPECT_TRUE((std::get<0>(columns[0].range->bounds) == std::pair<i128, i128>(-5, 10)));
  EXPECT_TRUE((std::get<0>(columns[1].range->bounds) == std::pair<i128, i128>(1, 4294967295)));
  EXPECT_TRUE((std::get<1>(columns[2].range->bounds) == std::pair<double, double>(-2.5, 1.5)));
  EXPECT_FALSE(columns[0].nullable);
  EXPECT_GT(columns[0].stored_bytes, 0u);
  const auto without = read_test_file("statistics__off.parquet");
  const auto bare = open_bytes(without);
  ASSERT_TRUE(bare);
  EXPECT_FALSE((*bare)->columns()[0].range);
  EXPECT_TRUE((*bare)->columns()[0].nullable);
}

TEST(Parquet, ReadsFlightsAsPyarrowDoes) {
  const auto opened = open_file(SHOAL_FLIGHTS);
  ASSERT_TRUE(opened) << opened.error().message();
  ByteBuffer buffer;
  const auto file = opened->file.read({0, opened->file.size_bytes()}, buffer);
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(opened->source->rows(), 3'000'000u);
  EXPECT_EQ(opened->source->row_groups().size(), 11u);
  std::ifstream sums(fs::path(SHOAL_TESTDATA) / "flights.sums");
  for (size_t i = 0; i < 5; ++i) {
    const table::SourceColumn& column = opened->source->columns()[i];
    std::string name;
    u64 distinct = 0;
    u64 sum = 0;
    ASSERT_TRUE(sums >> name >> distinct >> sum);
    EXPECT_EQ(column.name, name);
    EXPECT_FALSE(column.nullable);
    table::Dictionary dictionary;
    const auto all = read_all(*opened->source, *file, i, dictionary);
    ASSERT_TRUE(all) << all.error().message();
    EXPECT_EQ(dictionary.size(), distinct);
    EXPECT_EQ(all->requests, 11u);
    const u32 width = table::raw_size_bytes(column.raw);
    u64 found = 0;
    for (u64 row = 0; row < all->validity.size(); ++row) {
      u64 value = 0;
      std::memcpy(&value, all->values.data() + row * width, width);
      found += value * (row * 0x9e37'79b9'7f4a'7c15 + 1);
    }
    EXPECT_EQ(found, sum) << name;
  }
}

}  // namespace
}  // namespace shoal::formats
