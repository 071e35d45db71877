// What a column holds, as its file says, and how its values travel to the GPU before they are encoded.
#pragma once

#include <string>

#include "base/int.h"

namespace shoal::table {

enum class TypeKind : u8 { kBoolean, kInteger, kFloat, kTimestamp, kDate, kString, kUnsupported };
enum class TimeUnit : u8 { kSecond, kMilli, kMicro, kNano };

struct ColumnType {
  TypeKind kind = TypeKind::kUnsupported;
  u8 bits = 64;                      // integers: 8, 16, 32, 64; floats: 32, 64
  bool is_signed = true;             // integers
  TimeUnit unit = TimeUnit::kMicro;  // timestamps: ticks since 1970-01-01T00:00
  bool is_utc = false;               // timestamps: an instant, rather than a wall clock

  friend bool operator==(const ColumnType&, const ColumnType&) = default;
};

// "boolean", "int64", "uint8", "float32", "timestamp[us]", "timestamp[us, UTC]", "date", "string".
std::string type_name(const ColumnType& type);
u64 ticks_per_second(TimeUnit unit);

// Decoded values as they are uploaded, before the GPU has found their narrowest encoding. Booleans travel
// as kU32 (0 or 1), dates as kI32 (days since 1970-01-01), strings as kU32 (codes of the column's Dictionary).
enum class RawFormat : u8 { kI32, kU32, kI64, kU64, kF32, kF64 };
constexpr u32 raw_size_bytes(RawFormat format) {
  return format == RawFormat::kI32 || format == RawFormat::kU32 || format == RawFormat::kF32 ? 4 : 8;
}

}  // namespace shoal::table
