// Bit packing, the hybrid of runs, and definition levels at every width and boundary.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "formats/parquet/bit_unpack.h"
#include "formats/parquet/definition_levels.h"
#include "formats/parquet/index_reader.h"

namespace shoal::formats::parquet {
namespace {

std::vector<u8> pack(std::span<const u32> values, u32 width) {
  std::vector<u8> bytes(divide_round_up<size_t>(values.size() * width, 8));
  for (size_t bit = 0; bit < values.size() * width; ++bit) {
    const u32 set = values[bit / width] >> (bit % width) & 1;
    bytes[bit / 8] = static_cast<u8>(bytes[bit / 8] | set << (bit % 8));
  }
  return bytes;
}

std::vector<u32> random_values(size_t count, u32 width, u32 seed) {
  std::mt19937 random(seed);
  std::vector<u32> values(count);
  for (u32& value : values) value = width == 0 ? 0 : static_cast<u32>(random()) >> (32 - width);
  return values;
}

void append_varint(std::vector<u8>& bytes, u32 value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<u8>(value | 0x80));
  bytes.push_back(static_cast<u8>(value));
}

void append_packed(std::vector<u8>& bytes, std::span<const u32> values, u32 width) {
  append_varint(bytes, static_cast<u32>(values.size() / 8) << 1 | 1);
  const auto packed = pack(values, width);
  bytes.insert(bytes.end(), packed.begin(), packed.end());
}

void append_repeated(std::vector<u8>& bytes, u32 value, u32 count, u32 width) {
  append_varint(bytes, count << 1);
  for (u32 byte = 0; byte < divide_round_up(width, 8u); ++byte)
    bytes.push_back(static_cast<u8>(value >> (8 * byte)));
}

// All values, `step` at a time.
std::vector<u32> read(IndexReader reader, u32 step) {
  std::vector<u32> values;
  while (reader.prepare()) {
    const size_t taken = static_cast<size_t>(std::min<u64>(step, reader.at_hand()));
    const size_t at = values.size();
    values.resize(at + taken);
    if (reader.is_repeated()) {
      std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(at), taken, reader.repeated_value());
      reader.consume_repeated(taken);
    } else {
      reader.unpack(values.data() + at, taken);
    }
  }
  return values;
}

TEST(BitUnpack, UnpacksEveryWidthToItsLastByte) {
  for (u32 width = 0; width <= kMostBitWidth; ++width) {
    for (const size_t groups : {0u, 1u, 2u, 3u, 8u, 9u, 40u}) {
      const auto values = random_values(groups * 8, width, width);
      const auto bytes = pack(values, width);  // its end is the end of the allocation
      std::vector<u32> out(groups * 8, 0xdead'beef);
      unpack_groups(width, bytes, groups, out.data());
      EXPECT_EQ(out, values) << width << " bits, " << groups << " groups";
    }
  }
}

TEST(HybridRuns, MixesRunsAtEveryWidthAndStep) {
  for (u32 width = 0; width <= kMostBitWidth; ++width) {
    std::vector<u8> bytes;
    std::vector<u32> expected;
    for (u32 run = 0; run < 6; ++run) {
      const auto packed = random_values(8 * (run * run + 1), width, run);
      append_packed(bytes, packed, width);
      expected.insert(expected.end(), packed.begin(), packed.end());
      append_repeated(bytes, 0, 0, width);  // an empty run is passed over
      const u32 value = random_values(1, width, run + 100)[0];
      append_repeated(bytes, value, run * 50 + 1, width);
      expected.insert(expected.end(), run * 50 + 1, value);
    }
    for (const u32 step : {1u, 3u, 8u, 13u, 64u, 1000u}) {
      EXPECT_EQ(read(IndexReader(HybridRuns(bytes, width)), step), expected) << width << " bits by " << step;
    }
  }
}

TEST(HybridRuns, TakesWhatIsThereOfARunThatIsCut) {
  const auto values = random_values(64, 5, 1);
  std::vector<u8> bytes;
  append_packed(bytes, values, 5);
  bytes.resize(bytes.size() - 3);  // 24 bits: the last 4 values are gone, a fifth lies in them in part
  const std::vector<u32> expected(values.begin(), values.begin() + 59);
  for (const u32 step : {1u, 7u, 100u}) EXPECT_EQ(read(IndexReader(HybridRuns(bytes, 5)), step), expected);
}

TEST(HybridRuns, EndsAtHeadersThatMakeNoSense) {
  for (const std::vector<u8>& bytes :
       {std::vector<u8>{}, std::vector<u8>{0x80}, std::vector<u8>{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
        std::vector<u8>{0x02}, std::vector<u8>{0x00, 0x00, 0x00, 0x00}, std::vector<u8>{0x03}}) {
    EXPECT_TRUE(read(IndexReader(HybridRuns(bytes, 8)), 100).empty()) << bytes.size();
  }
}

TEST(DefinitionLevels, BecomeValidityBitsAtEveryOffset) {
  std::vector<u8> bytes;
  std::vector<u32> expected;
  for (u32 run = 0; run < 8; ++run) {
    const auto packed = random_values(8 * (run + 1), 1, run);
    append_packed(bytes, packed, 1);
    expected.insert(expected.end(), packed.begin(), packed.end());
    append_repeated(bytes, run % 2, 45, 1);
    expected.insert(expected.end(), 45, run % 2);
  }
  const u32 rows = static_cast<u32>(expected.size());
  for (const u32 step : {1u, 7u, 31u, 32u, 33u, 64u, rows}) {
    for (const u32 offset : {0u, 1u, 31u, 32u, 40u}) {
      DefinitionLevels levels{HybridRuns(bytes, 1)};
      std::vector<u32> words((offset + rows + 31) / 32);
      u32 valid = 0;
      for (u32 row = 0; row < rows; row += step) {
        const auto found = levels.read(words.data(), offset + row, std::min(step, rows - row));
        ASSERT_TRUE(found);
        valid += *found;
      }
      EXPECT_EQ(valid, static_cast<u32>(std::ranges::count(expected, 1u)));
      for (u32 row = 0; row < rows; ++row) {
        ASSERT_EQ(words[(offset + row) / 32] >> ((offset + row) % 32) & 1, expected[row]) << row;
      }
      EXPECT_FALSE(levels.read(words.data(), 0, 1));
    }
  }
}

TEST(DefinitionLevels, LookAheadOverRowsThatAreValid) {
  std::vector<u8> bytes;
  append_repeated(bytes, 1, 100, 1);
  append_repeated(bytes, 0, 10, 1);
  DefinitionLevels levels{HybridRuns(bytes, 1)};
  EXPECT_EQ(levels.valid_ahead(60), 60u);
  levels.pass_valid(60);
  EXPECT_EQ(levels.valid_ahead(60), 40u);
  levels.pass_valid(40);
  EXPECT_EQ(levels.valid_ahead(60), 0u);
}

TEST(DefinitionLevels, LegacyOnesArePackedFromTheHighestBit) {
  std::vector<u8> bytes = {0b1101'0000, 0b1000'0000};
  reverse_bits(bytes);
  DefinitionLevels levels{HybridRuns::packed(bytes, 1)};
  u32 word = 0;
  EXPECT_EQ(levels.read(&word, 0, 9), 4u);
  EXPECT_EQ(word, 0b1'0000'1011u);
}

TEST(DefinitionLevels, RefuseALevelAboveOne) {
  std::vector<u8> bytes;
  append_repeated(bytes, 2, 10, 1);
  DefinitionLevels levels{HybridRuns(bytes, 1)};
  u32 word = 0;
  EXPECT_FALSE(levels.read(&word, 0, 10));
}

}  // namespace
}  // namespace shoal::formats::parquet
