#include "table/column_type.h"

#include <fmt/format.h>

namespace shoal::table {

std::string type_name(const ColumnType& type) {
  constexpr std::string_view kUnits[] = {"s", "ms", "us", "ns"};
  switch (type.kind) {
    case TypeKind::kBoolean: return "boolean";
    case TypeKind::kInteger: return fmt::format("{}int{}", type.is_signed ? "" : "u", type.bits);
    case TypeKind::kFloat: return fmt::format("float{}", type.bits);
    case TypeKind::kTimestamp:
      return fmt::format("timestamp[{}{}]", kUnits[static_cast<size_t>(type.unit)], type.is_utc ? ", UTC" : "");
    case TypeKind::kDate: return "date";
    case TypeKind::kString: return "string";
    case TypeKind::kUnsupported: return "unsupported";
  }
  return "unsupported";
}

u64 ticks_per_second(TimeUnit unit) {
  constexpr u64 kTicks[] = {1, 1'000, 1'000'000, 1'000'000'000};
  return kTicks[static_cast<size_t>(unit)];
}

}  // namespace shoal::table
