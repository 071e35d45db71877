#include "formats/parquet/file_metadata.h"

#include "formats/parquet/thrift_compact.h"

namespace shoal::formats::parquet {
namespace {

// TimeType and TimestampType: { 1: isAdjustedToUTC, 2: unit }.
void read_time(CompactReader& in, LogicalType& type) {
  read_struct(in, [&](const Field& field) {
    if (field.id == 1) {
      type.is_utc = in.boolean(field);
    } else if (field.id == 2) {
      in.begin_struct(field);
      read_struct(in, [&](const Field& unit) {
        type.unit = unit.id;
        return false;
      });
    } else {
      return false;
    }
    return true;
  });
}

void read_integer_type(CompactReader& in, LogicalType& type) {
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 1: type.bits = in.integer32(field); return true;
      case 2: type.is_signed = in.boolean(field); return true;
      default: return false;
    }
  });
}

void read_logical_type(CompactReader& in, LogicalType& type) {
  read_struct(in, [&](const Field& field) {
    type.kind = field.id;
    in.begin_struct(field);
    switch (static_cast<LogicalKind>(field.id)) {
      case LogicalKind::kTime:
      case LogicalKind::kTimestamp: read_time(in, type); return true;
      case LogicalKind::kInteger: read_integer_type(in, type); return true;
      default: return false;
    }
  });
}

SchemaElement read_schema_element(CompactReader& in) {
  SchemaElement element;
  bool has_name = false;
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 1: element.physical_type = in.integer32(field); return true;
      case 2: element.type_length = in.integer32(field); return true;
      case 3: element.repetition = in.integer32(field); return true;
      case 4:
        element.name = in.binary(field);
        has_name = true;
        return true;
      case 5: element.children = in.integer32(field); return true;
      case 6: element.converted_type = in.integer32(field); return true;
      case 7: element.scale = in.integer32(field); return true;
      case 8: element.precision = in.integer32(field); return true;
      case 10:
        in.begin_struct(field);
        read_logical_type(in, element.logical);
        return true;
      default: return false;
    }
  });
  in.expect(has_name);
  return element;
}

void read_statistics(CompactReader& in, Statistics& statistics) {
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 1: statistics.deprecated_max = in.binary(field); return true;
      case 2: statistics.deprecated_min = in.binary(field); return true;
      case 3: statistics.null_count = in.integer(field); return true;
      case 5: statistics.max_value = in.binary(field); return true;
      case 6: statistics.min_value = in.binary(field); return true;
      default: return false;
    }
  });
}

u32 read_encodings(CompactReader& in, const Field& field) {
  constexpr u32 kUnknown = 31;
  u32 encodings = 0;
  for (u32 left = in.begin_list(field, WireType::kI32); left > 0 && in.ok(); --left) {
    const i64 encoding = in.element(WireType::kI32);
    encodings |= 1u << (encoding >= 0 && encoding < kUnknown ? static_cast<u32>(encoding) : kUnknown);
  }
  return encodings;
}

void read_column_metadata(CompactReader& in, ColumnChunkMetadata& column) {
  constexpr u32 kRequired = 1u << 1 | 1u << 4 | 1u << 5 | 1u << 7 | 1u << 9;
  u32 seen = 0;
  read_struct(in, [&](const Field& field) {
    if (field.id < 32) seen |= 1u << field.id;
    switch (field.id) {
      case 1: column.physical_type = in.integer32(field); return true;
      case 2: column.encodings = read_encodings(in, field); return true;
      case 4: column.codec = in.integer32(field); return true;
      case 5: column.values = in.integer(field); return true;
      case 7: column.compressed_bytes = in.integer(field); return true;
      case 9: column.data_page_offset = in.integer(field); return true;
      case 11: column.dictionary_page_offset = in.integer(field); return true;
      case 12:
        in.begin_struct(field);
        read_statistics(in, column.statistics);
        return true;
      default: return false;
    }
  });
  in.expect((seen & kRequired) == kRequired);
  column.has_metadata = true;
}

ColumnChunkMetadata read_column_chunk(CompactReader& in) {
  ColumnChunkMetadata column;
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 1: column.is_in_other_file = !in.binary(field).empty(); return true;
      case 3:
        in.begin_struct(field);
        read_column_metadata(in, column);
        return true;
      case 8:  // crypto_metadata
      case 9:  // encrypted_column_metadata
        column.is_encrypted = true;
        return false;
      default: return false;
    }
  });
  in.expect(column.has_metadata || column.is_encrypted);
  return column;
}

RowGroupMetadata read_row_group(CompactReader& in) {
  RowGroupMetadata group;
  bool has_rows = false;
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 1:
        for (u32 left = in.begin_list(field, WireType::kStruct); left > 0 && in.ok(); --left) {
          group.columns.push_back(read_column_chunk(in));
        }
        return true;
      case 3:
        group.rows = in.integer(field);
        has_rows = true;
        return true;
      default: return false;
    }
  });
  in.expect(has_rows);
  return group;
}

}  // namespace

std::string_view encoding_name(i32 encoding) {
  switch (static_cast<Encoding>(encoding)) {
    case Encoding::kPlain: return "PLAIN";
    case Encoding::kPlainDictionary: return "PLAIN_DICTIONARY";
    case Encoding::kRle: return "RLE";
    case Encoding::kBitPacked: return "BIT_PACKED";
    case Encoding::kDeltaBinaryPacked: return "DELTA_BINARY_PACKED";
    case Encoding::kDeltaLengthByteArray: return "DELTA_LENGTH_BYTE_ARRAY";
    case Encoding::kDeltaByteArray: return "DELTA_BYTE_ARRAY";
    case Encoding::kRleDictionary: return "RLE_DICTIONARY";
    case Encoding::kByteStreamSplit: return "BYTE_STREAM_SPLIT";
  }
  return "unknown";
}

std::optional<FileMetadata> parse_file_metadata(std::span<const std::byte> footer) {
  CompactReader in(footer);
  FileMetadata file;
  bool has_rows = false;
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 2:
        for (u32 left = in.begin_list(field, WireType::kStruct); left > 0 && in.ok(); --left) {
          file.schema.push_back(read_schema_element(in));
        }
        return true;
      case 3:
        file.rows = in.integer(field);
        has_rows = true;
        return true;
      case 4:
        for (u32 left = in.begin_list(field, WireType::kStruct); left > 0 && in.ok(); --left) {
          file.row_groups.push_back(read_row_group(in));
        }
        return true;
      default: return false;
    }
  });
  if (!in.ok() || !has_rows || file.schema.empty()) return std::nullopt;
  return file;
}

}  // namespace shoal::formats::parquet
