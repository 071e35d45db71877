#include "formats/parquet/column_schema.h"

#include <tuple>

#include "base/text.h"

namespace shoal::formats::parquet {
namespace {

using table::ColumnType;
using table::RawFormat;
using table::TimeUnit;
using table::TypeKind;

// The type of a leaf, or what it holds instead and what to write instead.
struct Refusal {
  std::string holds;
  std::string_view remedy;
};
using Typed = std::expected<std::pair<ColumnType, RawFormat>, Refusal>;

std::unexpected<Refusal> refuse(std::string holds, std::string_view remedy) {
  return std::unexpected(Refusal{std::move(holds), remedy});
}

constexpr std::string_view kCastToString = "Cast it to a string when writing the file.";
constexpr std::string_view kWriteAgain = "Write the file again with a current writer.";

// The newer logical type says more than the older converted type; where only the latter is there it is translated.
LogicalType logical_type(const SchemaElement& element) {
  if (element.logical.kind != 0 || !element.converted_type) return element.logical;
  const auto of = [](LogicalKind kind) { return LogicalType{.kind = static_cast<i32>(kind)}; };
  const auto time = [](LogicalKind kind, i32 unit) {
    return LogicalType{.kind = static_cast<i32>(kind), .is_utc = true, .unit = unit};
  };
  const auto integer = [](i32 bits, bool is_signed) {
    return LogicalType{.kind = static_cast<i32>(LogicalKind::kInteger), .bits = bits, .is_signed = is_signed};
  };
  switch (static_cast<ConvertedType>(*element.converted_type)) {
    case ConvertedType::kUtf8: return of(LogicalKind::kString);
    case ConvertedType::kMap:
    case ConvertedType::kMapKeyValue: return of(LogicalKind::kMap);
    case ConvertedType::kList: return of(LogicalKind::kList);
    case ConvertedType::kEnum: return of(LogicalKind::kEnum);
    case ConvertedType::kDecimal: return of(LogicalKind::kDecimal);
    case ConvertedType::kDate: return of(LogicalKind::kDate);
    case ConvertedType::kTimeMillis: return time(LogicalKind::kTime, 1);
    case ConvertedType::kTimeMicros: return time(LogicalKind::kTime, 2);
    case ConvertedType::kTimestampMillis: return time(LogicalKind::kTimestamp, 1);
    case ConvertedType::kTimestampMicros: return time(LogicalKind::kTimestamp, 2);
    case ConvertedType::kUint8: return integer(8, false);
    case ConvertedType::kUint16: return integer(16, false);
    case ConvertedType::kUint32: return integer(32, false);
    case ConvertedType::kUint64: return integer(64, false);
    case ConvertedType::kInt8: return integer(8, true);
    case ConvertedType::kInt16: return integer(16, true);
    case ConvertedType::kInt32: return integer(32, true);
    case ConvertedType::kInt64: return integer(64, true);
    case ConvertedType::kJson: return of(LogicalKind::kJson);
    case ConvertedType::kBson: return of(LogicalKind::kBson);
    // Intervals are fixed-length byte arrays, which are refused anyhow.
    case ConvertedType::kInterval: return {};
  }
  return {};
}

Typed integer_type(i32 bits, bool is_signed, bool is_64) {
  if ((is_64 && bits != 64) || (!is_64 && bits != 8 && bits != 16 && bits != 32)) {
    return refuse(fmt::format("integers of {} bits stored as {} bits", bits, is_64 ? 64 : 32), kWriteAgain);
  }
  const ColumnType type{.kind = TypeKind::kInteger, .bits = static_cast<u8>(bits), .is_signed = is_signed};
  if (is_64) return {{type, is_signed ? RawFormat::kI64 : RawFormat::kU64}};
  return {{type, is_signed ? RawFormat::kI32 : RawFormat::kU32}};
}

// Why a logical type is not read at all, whatever it is stored as.
std::optional<Refusal> refused_logical_type(const LogicalType& logical, const SchemaElement& element) {
  switch (static_cast<LogicalKind>(logical.kind)) {
    case LogicalKind::kDecimal:
      return Refusal{fmt::format("decimals of {} digits, {} behind the point", element.precision, element.scale),
                     "Cast it to a double when writing the file."};
    case LogicalKind::kTime:
      return Refusal{"times of day", "Cast it to an integer or to a timestamp when writing the file."};
    case LogicalKind::kBson: return Refusal{"BSON documents", kCastToString};
    case LogicalKind::kUuid: return Refusal{"UUIDs", kCastToString};
    case LogicalKind::kFloat16: return Refusal{"16-bit floats", "Cast it to a 32-bit float when writing the file."};
    case LogicalKind::kVariant: return Refusal{"variants", kCastToString};
    case LogicalKind::kGeometry:
    case LogicalKind::kGeography: return Refusal{"geometries", "Write its coordinates as two columns of doubles."};
    default: return std::nullopt;
  }
}

Typed integers_of(const LogicalType& logical, bool is_64) {
  const RawFormat raw = is_64 ? RawFormat::kI64 : RawFormat::kI32;
  switch (static_cast<LogicalKind>(logical.kind)) {
    case LogicalKind::kNone:
    case LogicalKind::kUnknown: return integer_type(is_64 ? 64 : 32, true, is_64);
    case LogicalKind::kInteger: return integer_type(logical.bits, logical.is_signed, is_64);
    case LogicalKind::kDate:
      if (!is_64) return {{ColumnType{.kind = TypeKind::kDate}, raw}};
      break;
    case LogicalKind::kTimestamp:
      if (is_64 && logical.unit >= 1 && logical.unit <= 3) {
        constexpr TimeUnit kUnits[] = {TimeUnit::kMilli, TimeUnit::kMicro, TimeUnit::kNano};
        return {
            {ColumnType{.kind = TypeKind::kTimestamp, .unit = kUnits[logical.unit - 1], .is_utc = logical.is_utc},
             raw}};
      }
      break;
    default: break;
  }
  return refuse(fmt::format("integers with the unknown meaning {}", logical.kind), kWriteAgain);
}

Typed type_of(const SchemaElement& element) {
  const LogicalType logical = logical_type(element);
  if (auto refused = refused_logical_type(logical, element)) return std::unexpected(*std::move(refused));
  switch (static_cast<PhysicalType>(*element.physical_type)) {
    case PhysicalType::kBoolean: return {{ColumnType{.kind = TypeKind::kBoolean}, RawFormat::kU32}};
    case PhysicalType::kInt32: return integers_of(logical, false);
    case PhysicalType::kInt64: return integers_of(logical, true);
    // Only Impala, Hive and old Spark write this, and only for timestamps; whether an instant or a wall clock is
    // meant is not written down.
    case PhysicalType::kInt96:
      return {{ColumnType{.kind = TypeKind::kTimestamp, .unit = TimeUnit::kNano}, RawFormat::kI64}};
    case PhysicalType::kFloat: return {{ColumnType{.kind = TypeKind::kFloat, .bits = 32}, RawFormat::kF32}};
    case PhysicalType::kDouble: return {{ColumnType{.kind = TypeKind::kFloat, .bits = 64}, RawFormat::kF64}};
    // Without annotation too: Impala and Spark's older versions wrote strings so, and strings here are bytes that
    // need not be UTF-8.
    case PhysicalType::kByteArray:
      if (logical.kind > static_cast<i32>(LogicalKind::kGeography)) {
        return refuse(fmt::format("byte arrays with the unknown meaning {}", logical.kind), kCastToString);
      }
      return {{ColumnType{.kind = TypeKind::kString}, RawFormat::kU32}};
    case PhysicalType::kFixedLenByteArray:
      return refuse(fmt::format("byte arrays of {} bytes", element.type_length), kCastToString);
  }
  return refuse(fmt::format("values of the unknown physical type {}", *element.physical_type), kWriteAgain);
}

void read_leaf(const SchemaElement& element, SchemaColumn& column) {
  const auto typed = type_of(element);
  column.physical = static_cast<PhysicalType>(*element.physical_type);
  column.is_optional = element.repetition == static_cast<i32>(Repetition::kOptional);
  column.column.nullable = column.is_optional;
  if (element.repetition == static_cast<i32>(Repetition::kRepeated)) {
    column.column.unsupported = fmt::format(
        "Column {} holds a list in each row, which is not read. Write its elements as columns or rows of their "
        "own.",
        quote(element.name));
  } else if (!typed) {
    column.column.unsupported = fmt::format("Column {} holds {}, which are not read. {}", quote(element.name),
                                            typed.error().holds, typed.error().remedy);
  } else {
    std::tie(column.column.type, column.column.raw) = *typed;
  }
}

std::string nested_refusal(const SchemaElement& element) {
  const LogicalType logical = logical_type(element);
  const bool is_list = logical.kind == static_cast<i32>(LogicalKind::kList);
  const bool is_map = logical.kind == static_cast<i32>(LogicalKind::kMap);
  return fmt::format("Column {} is nested ({}), which is not read. Write its parts as columns of their own.",
                     quote(element.name),
                     is_list  ? "a list"
                     : is_map ? "a map"
                              : "a struct");
}

}  // namespace

std::optional<std::vector<SchemaColumn>> read_schema(const std::vector<SchemaElement>& elements) {
  // A tree in depth-first order, each element with its number of children.
  std::vector<SchemaColumn> columns;
  size_t leaves = 0;
  size_t at = 1;
  for (i64 top_level = elements[0].children; top_level > 0; --top_level) {
    if (at == elements.size()) return std::nullopt;
    const SchemaElement& element = elements[at];
    SchemaColumn column;
    column.column.name = std::string(element.name);
    column.first_leaf = leaves;
    if (element.children == 0 && element.physical_type) {
      read_leaf(element, column);
    } else {
      column.column.unsupported = nested_refusal(element);
    }
    for (i64 pending = 1; pending > 0; --pending, ++at) {
      if (at == elements.size() || elements[at].children < 0) return std::nullopt;
      pending += elements[at].children;
      if (elements[at].children == 0 && elements[at].physical_type) ++leaves;
    }
    column.leaves = leaves - column.first_leaf;
    columns.push_back(std::move(column));
  }
  if (at != elements.size()) return std::nullopt;
  return columns;
}

}  // namespace shoal::formats::parquet
