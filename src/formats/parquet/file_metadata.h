// The footer of a Parquet file as it is written, before anything is made of it. Texts and statistics point into
// the footer's bytes. Names and numbers are those of parquet.thrift (Apache Parquet format 2.11).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::formats::parquet {

enum class PhysicalType : i32 { kBoolean, kInt32, kInt64, kInt96, kFloat, kDouble, kByteArray, kFixedLenByteArray };
enum class Repetition : i32 { kRequired, kOptional, kRepeated };
enum class Codec : i32 { kUncompressed, kSnappy, kGzip, kLzo, kBrotli, kLz4, kZstd, kLz4Raw };
enum class Encoding : i32 {
  kPlain = 0,
  kPlainDictionary = 2,
  kRle = 3,
  kBitPacked = 4,
  kDeltaBinaryPacked = 5,
  kDeltaLengthByteArray = 6,
  kDeltaByteArray = 7,
  kRleDictionary = 8,
  kByteStreamSplit = 9
};
std::string_view encoding_name(i32 encoding);

enum class ConvertedType : i32 {
  kUtf8,
  kMap,
  kMapKeyValue,
  kList,
  kEnum,
  kDecimal,
  kDate,
  kTimeMillis,
  kTimeMicros,
  kTimestampMillis,
  kTimestampMicros,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kJson,
  kBson,
  kInterval
};
// The ids of the LogicalType union's members.
enum class LogicalKind : i32 {
  kNone = 0,
  kString = 1,
  kMap = 2,
  kList = 3,
  kEnum = 4,
  kDecimal = 5,
  kDate = 6,
  kTime = 7,
  kTimestamp = 8,
  kInteger = 10,
  kUnknown = 11,  // only nulls
  kJson = 12,
  kBson = 13,
  kUuid = 14,
  kFloat16 = 15,
  kVariant = 16,
  kGeometry = 17,
  kGeography = 18
};

struct LogicalType {
  i32 kind = 0;  // a LogicalKind, or what a later version of the format has added
  bool is_utc = false;
  i32 unit = 0;  // 1 milliseconds, 2 microseconds, 3 nanoseconds
  i32 bits = 0;
  bool is_signed = true;
};

// Enumerations stay numbers: a file may hold values that were not there when this was written.
struct SchemaElement {
  std::string_view name;
  std::optional<i32> physical_type;
  i32 repetition = 0;
  i32 children = 0;
  std::optional<i32> converted_type;
  LogicalType logical;
  i32 type_length = 0;
  i32 precision = 0;
  i32 scale = 0;
};

struct Statistics {
  std::optional<std::string_view> min_value = {};
  std::optional<std::string_view> max_value = {};
  std::optional<std::string_view> deprecated_min = {};  // compared as signed, whatever the type
  std::optional<std::string_view> deprecated_max = {};
  std::optional<i64> null_count = {};
};

struct ColumnChunkMetadata {
  bool is_encrypted = false;
  bool is_in_other_file = false;
  bool has_metadata = false;
  i32 physical_type = -1;
  u32 encodings = 0;  // bit e: Encoding e is used; bit 31: one that is not known
  i32 codec = -1;
  i64 values = 0;
  i64 compressed_bytes = 0;
  i64 data_page_offset = 0;
  std::optional<i64> dictionary_page_offset;
  Statistics statistics;
};

struct RowGroupMetadata {
  i64 rows = 0;
  std::vector<ColumnChunkMetadata> columns;
};

struct FileMetadata {
  i64 rows = 0;
  std::vector<SchemaElement> schema;
  std::vector<RowGroupMetadata> row_groups;
};

// Nothing when the bytes are not a footer.
std::optional<FileMetadata> parse_file_metadata(std::span<const std::byte> footer);

}  // namespace shoal::formats::parquet
