// What a column's codes say on the GPU is what its values were: every type, encoding and boundary.
#include "table/ingest.h"

#include <cmath>
#include <cstring>
#include <random>

#include <gtest/gtest.h>

#include "gpu/decode.gen.h"
#include "table/test_table.h"

namespace shoal::table {
namespace {

class IngestTest : public testing::TestWithParam<gpu::Tier> {
 protected:
  void SetUp() override {
    auto opened = gpu::NativeGpu::open("software", GetParam(), {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
  }

  void ingest(const MemorySource& source) {
    auto planned = Table::plan(source, 1u << 20);
    ASSERT_TRUE(planned);
    table_ = std::move(*planned);
    ingest_all(*gpu_, source, *table_);
  }

  std::vector<std::byte> download(const gpu::View& view) {
    gpu::Frame frame(gpu_->device(), "download");
    const gpu::Ticket ticket = frame.read({view.buffer, view.offset_bytes, align_up(view.size_bytes, u64{4})});
    frame.submit();
    for (;;) {
      const auto pumped = gpu_->pump(true);
      EXPECT_TRUE(pumped) << pumped.error().message();
      if (auto bytes = gpu_->device().readbacks.take(ticket)) return *bytes;
    }
  }

  // Column codes of all rows, in the column's final code space; nothing where null.
  std::vector<std::optional<u64>> codes(size_t column) {
    std::vector<std::optional<u64>> all;
    const Column& stored_column = table_->columns()[column];
    for (size_t c = 0; c < stored_column.chunks.size(); ++c) {
      const StoredColumn& stored = stored_column.chunks[c];
      const CodeMapping mapping = map_codes(stored_column.space, stored);
      const auto bytes = download(stored.codes);
      const auto validity = stored.validity.size_bytes > 0 ? download(stored.validity) : std::vector<std::byte>();
      const u32 width = storage_size_bytes(stored.storage);
      for (u32 row = 0; row < table_->chunks()[c].rows; ++row) {
        if (!validity.empty() && ((static_cast<u32>(validity[row / 8]) >> (row % 8)) & 1u) == 0) {
          all.emplace_back();
          continue;
        }
        u64 code = 0;
        std::memcpy(&code, bytes.data() + size_t{row} * width, width);
        const auto& zone = stored.zone_codes[row / kRowsPerBlock];
        EXPECT_TRUE(zone.first <= code && code <= zone.second) << "row " << row;
        if (stored_column.space.wide && stored.storage == Storage::kF32OfF64) {
          code = f64_image(float_of_code({.type = stored_column.space.type}, code));
        }
        code = code * mapping.multiplier + mapping.bias;
        all.emplace_back(stored_column.space.wide ? code : static_cast<u32>(code));
      }
    }
    return all;
  }

  void expect_integers(size_t column, const std::vector<i64>& values) {
    const auto all = codes(column);
    ASSERT_EQ(all.size(), values.size());
    const CodeSpace& space = table_->columns()[column].space;
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_TRUE(all[i]);
      ASSERT_EQ(static_cast<i64>(integer_of_code(space, *all[i])), values[i]) << "row " << i;
    }
  }

  void expect_doubles(size_t column, const std::vector<double>& values) {
    const auto all = codes(column);
    ASSERT_EQ(all.size(), values.size());
    const CodeSpace& space = table_->columns()[column].space;
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_TRUE(all[i]);
      const double value = float_of_code(space, *all[i]);
      ASSERT_TRUE(std::isnan(values[i]) ? std::isnan(value)
                                        : std::bit_cast<u64>(value) == std::bit_cast<u64>(values[i]))
          << "row " << i << ": " << value << " is not " << values[i];
    }
  }

  std::unique_ptr<gpu::NativeGpu> gpu_;
  std::optional<Table> table_;
};

std::vector<i64> ramp(size_t rows, i64 first, i64 step) {
  std::vector<i64> values(rows);
  for (size_t i = 0; i < rows; ++i) values[i] = first + static_cast<i64>(i) * step;
  return values;
}

TEST_P(IngestTest, StoresIntegersInTheNarrowestCodes) {
  constexpr i64 kLowest = std::numeric_limits<i64>::min(), kHighest = std::numeric_limits<i64>::max();
  const size_t rows = 3 * kRowsPerBlock + 5;
  std::vector<i64> extremes = ramp(rows, -7, 1);
  extremes[1] = kLowest;
  extremes[rows - 1] = kHighest;
  struct Case {
    std::vector<i64> values;
    Storage storage;
    u64 divisor;
  };
  std::vector<i64> cycle = ramp(rows, 0, 1);
  for (i64& value : cycle) value = value % 256 - 1000;
  std::vector<i64> thousands = cycle;
  for (i64& value : thousands) value = value * 1000 + 17;
  const Case cases[] = {{std::vector<i64>(rows, 42), Storage::kU8, 1},
                        {cycle, Storage::kU8, 1},
                        {thousands, Storage::kU8, 1000},
                        {ramp(rows, 1'000'000'007, 1), Storage::kU16, 1},
                        {ramp(rows, -5, 300), Storage::kU16, 100},
                        {ramp(rows, 5, 100'003), Storage::kU32, 1},
                        {ramp(rows, kLowest, i64{1} << 40), Storage::kU64, 1},
                        {extremes, Storage::kU64, 1}};
  std::vector<MemoryColumn> columns;
  for (const Case& c : cases) columns.push_back(integers("c", c.values));
  const MemorySource source(columns, rows, rows);
  ingest(source);
  for (size_t c = 0; c < std::size(cases); ++c) {
    SCOPED_TRACE(c);
    EXPECT_EQ(table_->columns()[c].chunks[0].storage, cases[c].storage);
    EXPECT_EQ(table_->columns()[c].chunks[0].divisor, cases[c].divisor);
    expect_integers(c, cases[c].values);
  }
}

TEST_P(IngestTest, KeepsOneCodeSpaceOverChunksOfDifferentWidths) {
  const size_t group = kMostChunkRows / 4;  // four row groups are four chunks
  std::vector<i64> values;
  for (size_t i = 0; i < 4 * group; ++i) {
    const i64 k = static_cast<i64>(i % group);
    values.push_back(i < group       ? 60'000'000 * (k % 200)
                     : i < 2 * group ? 5'000'000'000 + 1000 * k
                     : i < 3 * group ? -60 * 1'000'000
                                     : 1'000'000 * k);
  }
  const MemoryColumn column = column_of("t", {.kind = TypeKind::kTimestamp}, RawFormat::kI64, values);
  const MemorySource source({column}, values.size(), group);
  ingest(source);
  EXPECT_EQ(table_->chunks().size(), 4u);
  EXPECT_EQ(table_->columns()[0].chunks[0].storage, Storage::kU8);
  EXPECT_FALSE(table_->columns()[0].space.wide);
  expect_integers(0, values);
}

TEST_P(IngestTest, StoresFloatsAsF32WhereNothingIsLost) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> narrow = {
      0.0, -0.0, 1.5, -2.25, inf, -inf, nan, 3.4028234663852886e38, 1.1754943508222875e-38};
  std::vector<double> wide = narrow;
  wide.insert(wide.end(), {0.1, 1e300, 5e-324, 1e-40, -1e-310});
  narrow.resize(wide.size(), -7.0);
  const MemorySource source({doubles("narrow", narrow), doubles("wide", wide)}, wide.size(), wide.size());
  ingest(source);
  EXPECT_EQ(table_->columns()[0].chunks[0].storage, Storage::kF32OfF64);
  EXPECT_EQ(table_->columns()[1].chunks[0].storage, Storage::kU64);
  expect_doubles(0, narrow);
  expect_doubles(1, wide);
}

TEST_P(IngestTest, ReadsF32ChunksInAColumnThatNeedsF64) {
  const size_t group = kMostChunkRows / 4;
  std::vector<double> values(2 * group, 0.5);
  for (size_t i = 0; i < group; ++i) values[i] = static_cast<double>(i) - 1000;
  values[group + 3] = 0.1;
  const MemorySource source({doubles("x", values)}, values.size(), group);
  ingest(source);
  EXPECT_EQ(table_->columns()[0].chunks[0].storage, Storage::kF32OfF64);
  EXPECT_EQ(table_->columns()[0].chunks[1].storage, Storage::kU64);
  expect_doubles(0, values);
}

TEST_P(IngestTest, KeepsNullsAndStrings) {
  const size_t rows = 70'000;
  std::mt19937 random(7);
  MemoryColumn numbers = integers("n", ramp(rows, 10, 3)), words = integers("s", {}),
               nothing = integers("0", ramp(rows, 0, 0));
  words.type.kind = TypeKind::kString;
  for (size_t i = 0; i < rows; ++i) {
    numbers.is_null.push_back(random() % 3 == 0);
    words.is_null.push_back(random() % 5 == 0);
    words.strings.push_back("word " + std::to_string(random() % 300));
    nothing.is_null.push_back(true);
  }
  const MemorySource source({numbers, words, nothing}, rows, 20'001);
  ingest(source);
  const auto number_codes = codes(0), word_codes = codes(1), nothing_codes = codes(2);
  for (size_t i = 0; i < rows; ++i) {
    ASSERT_EQ(number_codes[i].has_value(), !numbers.is_null[i]) << i;
    if (number_codes[i]) {
      ASSERT_EQ(static_cast<size_t>(integer_of_code(table_->columns()[0].space, *number_codes[i])), 10 + 3 * i);
    }
    ASSERT_EQ(word_codes[i].has_value(), !words.is_null[i]) << i;
    if (word_codes[i]) {
      ASSERT_EQ((*table_->columns()[1].dictionary)[static_cast<u32>(*word_codes[i])], words.strings[i]);
    }
    ASSERT_FALSE(nothing_codes[i]);
  }
  EXPECT_GT(table_->columns()[2].space.first_code, table_->columns()[2].space.last_code);
}

// What the stream of one frame says.
struct Said {
  u32 slabs = 0, full_encoders = 0, empty_encoders = 0;
};

void read_stream(std::span<const u32> words, Said& said) {
  bool has_pass = false;
  const auto read = gpu::decode_commands(words, [&]<class T>(const T& command) {
    if constexpr (std::is_same_v<T, gpu::CreateBuffer>) said.slabs += command.label == "slab" ? 1u : 0u;
    if constexpr (std::is_same_v<T, gpu::CreateCommandEncoder>) has_pass = false;
    if constexpr (std::is_same_v<T, gpu::BeginComputePass>) has_pass = true;
    if constexpr (std::is_same_v<T, gpu::Finish>) ++(has_pass ? said.full_encoders : said.empty_encoders);
  });
  EXPECT_TRUE(read) << read.error().message();
}

TEST_P(IngestTest, SubmitsNothingWhileItWaitsForASlab) {
  const MemorySource source({integers("a", {1, 2, 3})}, 3, 3);
  auto table = Table::plan(source, 1);
  ASSERT_TRUE(table);
  Ingest ingest(gpu_->device(), *table, 1);
  ColumnReader reader(source, table->chunks(), 0, 1);
  RawPiece piece;
  ASSERT_TRUE(reader.next(piece, {}));
  ASSERT_TRUE(ingest.take(std::move(piece)));
  Said said;
  while (!ingest.is_idle()) {
    ASSERT_TRUE(ingest.advance());
    read_stream(gpu_->device().recorder.words(), said);
    ASSERT_NO_FATAL_FAILURE(pump(*gpu_));
  }
  EXPECT_EQ(said.slabs, 1u) << "which was waited for";
  EXPECT_EQ(said.full_encoders, 2u) << "to measure, to encode";
  EXPECT_EQ(said.empty_encoders, 0u);
}

TEST_P(IngestTest, TakesEveryNumberOfRows) {
  for (const size_t rows :
       {size_t{1}, size_t{3}, size_t{4}, size_t{5}, size_t{255}, size_t{1025}, size_t{kRowsPerBlock - 1},
        size_t{kRowsPerBlock}, size_t{kRowsPerBlock + 1}, size_t{kMostChunkRows + 1}}) {
    SCOPED_TRACE(rows);
    const auto values = ramp(rows, -3, 7);
    const MemorySource source({integers("n", values)}, rows, rows);
    ingest(source);
    expect_integers(0, values);
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, IngestTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::table
