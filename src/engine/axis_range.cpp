#include "engine/axis_range.h"

#include <cmath>

#include "base/text.h"
#include "query/types_literal.h"

namespace shoal::engine {
namespace {

std::optional<std::pair<std::string, std::string>> split(const std::string& text) {
  // Times have colons of their own, so ".." is looked for first.
  for (const std::string_view separator : {"..", ":"}) {
    const size_t at = text.find(separator);
    if (at == std::string::npos) continue;
    return std::pair(text.substr(0, at), text.substr(at + separator.size()));
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<plot::Domain>> parse_axis_range(const table::Table& table, const std::string& column,
                                                     const std::string& text, std::string_view option) {
  if (text.empty()) return std::nullopt;
  SHOAL_TRY_SET(const size_t index, table.find(column));
  const table::ColumnType& type = table.columns()[index].source.type;
  if (type.kind == table::TypeKind::kString || type.kind == table::TypeKind::kBoolean) {
    return fail(ErrorCode::kUnsupported,
                "{} needs numbers or times, and column {} is of type {}. Use --filter to choose rows.", option,
                quote(column), table::type_name(type));
  }
  const auto ends = split(text);
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::kInvalidArgument,
                "{} {} is not a range of column {}: {} Write LOW:HIGH, like 0:120, or for times LOW..HIGH.", option,
                quote(text), quote(column), why);
  };
  if (!ends) return refuse("it has no ':' and no '..'.");
  const auto low = query::string_literal_as(ends->first, query::sql_type(type));
  if (!low) return refuse(low.error().sentence);
  const auto high = query::string_literal_as(ends->second, query::sql_type(type));
  if (!high) return refuse(high.error().sentence);
  switch (type.kind) {
    case table::TypeKind::kFloat:
      if (!std::isfinite(low->real) || !std::isfinite(high->real)) return refuse("its ends must be finite.");
      if (low->real > high->real) return refuse("it runs backwards.");
      return plot::float_domain(low->real, high->real);
    case table::TypeKind::kDate:
    case table::TypeKind::kTimestamp: {
      if (low->integer > high->integer) return refuse("it runs backwards.");
      const bool is_date = type.kind == table::TypeKind::kDate;
      return plot::time_domain(low->integer, high->integer,
                               is_date ? 1 : table::ticks_per_second(type.unit) * 86'400);
    }
    default:
      if (low->integer > high->integer) return refuse("it runs backwards.");
      return plot::integer_domain(low->integer, high->integer);
  }
}

}  // namespace shoal::engine
