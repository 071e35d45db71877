#include "formats/parquet/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace shoal::formats::parquet {
namespace {

template <class T>
std::optional<T> load(std::string_view bytes) {
  if (bytes.size() != sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

template <class Stored, class Bound>
std::optional<table::StatedRange> range_of(std::string_view min_bytes, std::string_view max_bytes) {
  const auto min = load<Stored>(min_bytes);
  const auto max = load<Stored>(max_bytes);
  // A NaN bound, which old writers left behind, fails the comparison.
  if (!min || !max || !(*min <= *max)) return std::nullopt;
  return table::StatedRange{std::pair<Bound, Bound>(static_cast<Bound>(*min), static_cast<Bound>(*max))};
}

}  // namespace

std::optional<table::StatedRange> stated_range(const Statistics& statistics, PhysicalType physical,
                                               const table::ColumnType& type) {
  const bool is_unsigned = type.kind == table::TypeKind::kInteger && !type.is_signed;
  auto min = statistics.min_value;
  auto max = statistics.max_value;
  // The deprecated fields were compared as signed numbers by most writers, and anyhow by some for floats.
  const bool trust_deprecated =
      !is_unsigned && (physical == PhysicalType::kInt32 || physical == PhysicalType::kInt64);
  if ((!min || !max) && trust_deprecated) {
    min = statistics.deprecated_min;
    max = statistics.deprecated_max;
  }
  if (!min || !max) return std::nullopt;
  switch (physical) {
    case PhysicalType::kBoolean: return range_of<u8, i128>(*min, *max);
    case PhysicalType::kInt32:
      return is_unsigned ? range_of<u32, i128>(*min, *max) : range_of<i32, i128>(*min, *max);
    case PhysicalType::kInt64:
      return is_unsigned ? range_of<u64, i128>(*min, *max) : range_of<i64, i128>(*min, *max);
    case PhysicalType::kFloat: return range_of<float, double>(*min, *max);
    case PhysicalType::kDouble: return range_of<double, double>(*min, *max);
    default: return std::nullopt;
  }
}

void widen(table::StatedRange& range, const table::StatedRange& other) {
  std::visit(
      [&](auto& bounds) {
        const auto& more = std::get<std::decay_t<decltype(bounds)>>(other.bounds);
        bounds.first = std::min(bounds.first, more.first);
        bounds.second = std::max(bounds.second, more.second);
      },
      range.bounds);
}

}  // namespace shoal::formats::parquet
