// What pyarrow does not write: Thrift that makes no sense, statistics of old writers.
#include <gtest/gtest.h>

#include <cstring>

#include "formats/parquet/page_header.h"
#include "formats/parquet/statistics.h"
#include "formats/parquet/thrift_compact.h"

namespace shoal::formats::parquet {
namespace {

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

// Skips all fields of a struct.
CompactReader skip_struct(std::span<const std::byte> bytes) {
  CompactReader reader(bytes);
  read_struct(reader, [](const Field&) { return false; });
  return reader;
}

TEST(ThriftCompact, SkipsEveryTypeAndStopsBehindIt) {
  const auto bytes = bytes_of({
      0x11,                                    // 1: true
      0x13, 0x7f,                              // 2: i8
      0x15, 0x80, 0x01,                        // 3: i32
      0x17, 1,    2,    3,   4, 5,   6, 7, 8,  // 4: double
      0x18, 2,    'a',  'b',                   // 5: binary
      0x19, 0x25, 2,    4,                     // 6: list of two i32
      0x1b, 1,    0x58, 2,   1, 'x',           // 7: map from i32 to binary with one entry
      0x1c, 0x11, 0,                           // 8: struct
      0x05, 0x40, 0x06,                        // 32: i32, its id written out
      0                                        // stop
  });
  const CompactReader reader = skip_struct(bytes);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.position(), bytes.size());
}

TEST(ThriftCompact, RefusesWithoutReadingOn) {
  EXPECT_FALSE(skip_struct({}).ok());
  EXPECT_TRUE(skip_struct({}).ran_out());
  // Structs in structs, without end.
  const std::vector<std::byte> nested(100'000, std::byte{0x1c});
  EXPECT_FALSE(skip_struct(nested).ok());
  EXPECT_FALSE(skip_struct(nested).ran_out());
  // A list of 2^28 - 1 booleans, a text of 2^35 bytes, a number of 11 bytes, an unknown type.
  EXPECT_FALSE(skip_struct(bytes_of({0x19, 0xf1, 0xff, 0xff, 0xff, 0x7f, 1, 1})).ok());
  EXPECT_FALSE(skip_struct(bytes_of({0x18, 0xff, 0xff, 0xff, 0xff, 0x7f, 'a'})).ok());
  EXPECT_FALSE(
      skip_struct(bytes_of({0x16, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0})).ok());
  EXPECT_FALSE(skip_struct(bytes_of({0x1d, 0})).ok());
}

TEST(PageHeader, AsksForMoreOrRefuses) {
  // DATA_PAGE of 20 bytes, 16 compressed, { 3 values, PLAIN, levels RLE, levels RLE }.
  const auto bytes = bytes_of({0x15, 0, 0x15, 40, 0x15, 32, 0x2c, 0x15, 6, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0});
  PageHeader header;
  ASSERT_EQ(parse_page_header(bytes, header), HeaderProblem::kNone);
  EXPECT_EQ(header.header_bytes, bytes.size());
  EXPECT_EQ(header.uncompressed_bytes, 20u);
  EXPECT_EQ(header.compressed_bytes, 16u);
  EXPECT_EQ(header.values, 3u);
  EXPECT_EQ(header.level_encoding, 3);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(parse_page_header(std::span(bytes).first(size), header), HeaderProblem::kRanOut) << size;
  }
  auto negative = bytes;
  negative[3] = std::byte{39};
  EXPECT_EQ(parse_page_header(negative, header), HeaderProblem::kMalformed);
  EXPECT_EQ(parse_page_header(bytes_of({0x15, 0, 0x15, 40, 0x15, 32, 0}), header), HeaderProblem::kMalformed);
}

template <class T>
std::string_view text_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

TEST(Statistics, TrustTheDeprecatedFieldsOfSignedIntegersOnly) {
  const i32 min = -5;
  const i32 max = 7;
  const Statistics old{.deprecated_min = text_of(min), .deprecated_max = text_of(max)};
  const table::ColumnType is_signed{.kind = table::TypeKind::kInteger, .bits = 32, .is_signed = true};
  const table::ColumnType is_unsigned{.kind = table::TypeKind::kInteger, .bits = 32, .is_signed = false};
  const auto range = stated_range(old, PhysicalType::kInt32, is_signed);
  ASSERT_TRUE(range);
  EXPECT_TRUE((std::get<0>(range->bounds) == std::pair<i128, i128>(-5, 7)));
  EXPECT_FALSE(stated_range(old, PhysicalType::kInt32, is_unsigned));
  EXPECT_FALSE(stated_range(old, PhysicalType::kFloat, {.kind = table::TypeKind::kFloat, .bits = 32}));
}

TEST(Statistics, LeaveOutBoundsThatMakeNoSense) {
  const table::ColumnType type{.kind = table::TypeKind::kFloat, .bits = 64};
  const double one = 1;
  const double two = 2;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto range = [&](std::string_view min, std::string_view max) {
    return stated_range({.min_value = min, .max_value = max}, PhysicalType::kDouble, type).has_value();
  };
  EXPECT_TRUE(range(text_of(one), text_of(two)));
  EXPECT_FALSE(range(text_of(two), text_of(one)));
  EXPECT_FALSE(range(text_of(nan), text_of(two)));
  EXPECT_FALSE(range(text_of(one), text_of(nan)));
  EXPECT_FALSE(range(text_of(one), "short"));
  EXPECT_FALSE(range("", ""));
}

}  // namespace
}  // namespace shoal::formats::parquet
